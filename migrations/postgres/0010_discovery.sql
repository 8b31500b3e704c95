-- Searches for roles in what people have. Operational, not versioned: roles that are made of what was found have versions
-- and entries of their own. people, idle, grants, left_out, bound, roles: what was looked at and found; 0 before.
CREATE TABLE discovery (
    id BIGINT PRIMARY KEY,
    created TIMESTAMPTZ NOT NULL,
    created_by BIGINT,
    job_id BIGINT NOT NULL,
    scope TEXT COLLATE "C" NOT NULL CHECK (scope IN ('everybody', 'application', 'department')),
    application_id BIGINT,
    department TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('searching', 'found', 'cancelled')),
    found TIMESTAMPTZ,
    people BIGINT NOT NULL,
    idle BIGINT NOT NULL,
    grants BIGINT NOT NULL,
    left_out BIGINT NOT NULL,
    bound BIGINT NOT NULL,
    roles BIGINT NOT NULL,
    CHECK ((scope = 'application') = (application_id IS NOT NULL)),
    CHECK ((scope = 'department') = (department IS NOT NULL))
);

-- A role that could be made. entitlements, members: sets of ids as serialised bitmaps. covered: grants that this one and
-- those before it give together. role_id: the role that was made of it.
CREATE TABLE discovery_role (
    discovery_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    entitlements BYTEA NOT NULL,
    members BYTEA NOT NULL,
    entitlement_count BIGINT NOT NULL,
    member_count BIGINT NOT NULL,
    covered BIGINT NOT NULL,
    role_id BIGINT,
    PRIMARY KEY (discovery_id, number)
);
CREATE INDEX discovery_role_made ON discovery_role (role_id) WHERE role_id IS NOT NULL;
