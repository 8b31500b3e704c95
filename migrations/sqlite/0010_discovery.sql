-- Searches for roles in what people have. Operational, not versioned: roles that are made of what was found have versions
-- and entries of their own. people, idle, grants, left_out, bound, roles: what was looked at and found; 0 before.
CREATE TABLE discovery (
    id INTEGER PRIMARY KEY,
    created INTEGER NOT NULL,
    created_by INTEGER,
    job_id INTEGER NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('everybody', 'application', 'department')),
    application_id INTEGER,
    department TEXT,
    state TEXT NOT NULL CHECK (state IN ('searching', 'found', 'cancelled')),
    found INTEGER,
    people INTEGER NOT NULL,
    idle INTEGER NOT NULL,
    grants INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    bound INTEGER NOT NULL,
    roles INTEGER NOT NULL,
    CHECK ((scope = 'application') = (application_id IS NOT NULL)),
    CHECK ((scope = 'department') = (department IS NOT NULL))
) STRICT;

-- A role that could be made. entitlements, members: sets of ids as serialised bitmaps. covered: grants that this one and
-- those before it give together. role_id: the role that was made of it.
CREATE TABLE discovery_role (
    discovery_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    entitlements BLOB NOT NULL,
    members BLOB NOT NULL,
    entitlement_count INTEGER NOT NULL,
    member_count INTEGER NOT NULL,
    covered INTEGER NOT NULL,
    role_id INTEGER,
    PRIMARY KEY (discovery_id, number)
) STRICT;
CREATE INDEX discovery_role_made ON discovery_role (role_id) WHERE role_id IS NOT NULL;
