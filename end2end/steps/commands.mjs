// The command line's `import`, and the counts that the database itself has.

import assert from 'node:assert/strict';

import { sql } from '../harness/postgres.mjs';
import { Database } from '../harness/sqlite.mjs';
import { folder } from './organisation.mjs';

/** Imports files from a folder of their own; answers exit code, what was printed as JSON, and the complaints. */
export async function importFiles(server, files, flags = []) {
  const { path, remove } = await folder(files);
  try {
    return await importFolder(server, path, flags);
  } finally {
    await remove();
  }
}

/** The same from a folder that is there. */
export async function importFolder(server, path, flags = []) {
  const { code, out, err } = await server.command(['import', path, '--source', 'files', '--json', ...flags]);
  const report = out.trim().startsWith('{') ? JSON.parse(out) : null;
  return { code, report, err };
}

/** The log and everything it covers hold. */
export async function assertVerified(server, when) {
  const { code, out, err } = await server.command(['audit', 'verify', '--json']);
  assert.equal(code, 0, `the log does not hold ${when}: ${out}${err}`);
}

const COUNTS = {
  people: "SELECT count(*) FROM identity WHERE recorded_to IS NULL",
  living: "SELECT count(*) FROM identity WHERE recorded_to IS NULL AND status <> 'ended'",
  applications: "SELECT count(*) FROM application WHERE recorded_to IS NULL AND status <> 'ended' AND source_id IS NOT NULL",
  entitlements: "SELECT count(*) FROM entitlement WHERE recorded_to IS NULL AND status <> 'ended' AND source_id IS NOT NULL",
  accounts: 'SELECT count(*) FROM account WHERE recorded_to IS NULL',
  orphans: 'SELECT count(*) FROM account WHERE recorded_to IS NULL AND identity_id IS NULL',
  grants: 'SELECT count(*) FROM observed_access WHERE gone IS NULL',
  holders: 'SELECT count(DISTINCT identity_id) FROM observed_access WHERE gone IS NULL',
  roles: 'SELECT count(*) FROM role WHERE recorded_to IS NULL',
  parts: 'SELECT count(*) FROM role_content WHERE recorded_to IS NULL',
  members: "SELECT count(*) FROM assignment WHERE recorded_to IS NULL AND role_id IS NOT NULL AND state = 'active'",
  decisions: 'SELECT count(*) FROM past_decision WHERE recorded_to IS NULL',
};

/** What the database has, by SQL. The server must be stopped on SQLite. */
export async function counted(server) {
  const ask = server.database
    ? (query) => sql(server.database, query)
    : await Database.open(server.folder).then((database) => (query) => database.rows(query)[0][0]);
  const found = {};
  for (const [name, query] of Object.entries(COUNTS)) found[name] = Number(await ask(query));
  return found;
}

/** What the database must have after importing; `already` are the people that were there before. */
export function countedOf(expected, already) {
  const key = (name) => name.trim().toLowerCase();
  const known = new Set(expected.people.map((row) => key(row.username)));
  const totals = (name) => expected.totals[name]?.added ?? 0;
  return {
    people: expected.people.length + already,
    living: expected.people.filter((row) => row.status !== 'ended').length + already,
    applications: totals('applications'),
    entitlements: totals('entitlements'),
    accounts: expected.listed.length + expected.implied.size,
    orphans: expected.listed.filter((row) => !known.has(key(row.username ?? ''))).length,
    grants: totals('access'),
    holders: new Set(expected.access.map((row) => key(row.username))).size,
    roles: totals('roles'),
    parts: expected.totals.roles?.rows ?? 0,
    members: totals('role_members'),
    decisions: totals('decisions'),
  };
}
