// What must come of files, reckoned from their text alone, without anything of the product.

import { parse } from '../harness/csv.mjs';

const DORMANT_DAYS = 90;
const key = (name) => name.trim().normalize('NFC').toLowerCase();

/** Rows with their cells by column, and whether a row has as many cells as the header. */
function table(text, mapping = {}) {
  const [header, ...rows] = parse(text.replace(/^\ufeff/, '').trimEnd());
  const names = header.map((name) => mapping[name] ?? name);
  return rows.map((row) => ({ whole: row.length === names.length, ...Object.fromEntries(names.map((name, at) => [name, (row[at] ?? '').trim()])) }));
}

/** A day of the calendar, or nothing. */
function isDay(text) {
  if (text === '') return true;
  const [, year, month, day] = text.match(/^(\d{4})-(\d{2})-(\d{2})$/)?.map(Number) ?? [];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Keeps the rows of which `problem` says nothing; counts the others. */
function sift(rows, problem) {
  const seen = new Set();
  const kept = rows.filter((row) => row.whole && !problem(row, seen));
  return { rows: rows.length, kept, rejected: rows.length - kept.length };
}

const once = (seen, name) => seen.has(name) || !seen.add(name);

/** Totals of every file and the state after importing `files` into an empty console. */
export function reckon(files) {
  const read = (name, mapping) => (files[name] ? table(files[name], mapping) : []);
  const people = sift(read('identities.csv', { login: 'username' }), (row, seen) =>
    row.username === '' || once(seen, key(row.username)) || !isDay(row.start_date ?? '') || !isDay(row.end_date ?? ''));
  const known = new Map(people.kept.map((row) => [key(row.username), row]));
  const applications = sift(read('applications.csv'), (row, seen) => row.application === '' || once(seen, key(row.application)));
  const apps = new Set(applications.kept.map((row) => key(row.application)));
  const entitlements = sift(read('entitlements.csv'), (row, seen) =>
    !apps.has(key(row.application)) || row.kind === 'sorcery' || once(seen, `${key(row.application)} ${key(row.entitlement)}`));
  const grantable = new Set(entitlements.kept.map((row) => `${key(row.application)} ${key(row.entitlement)}`));
  const listed = sift(read('accounts.csv'), (row, seen) => !apps.has(key(row.application)) || once(seen, `${key(row.application)} ${key(row.account)}`));
  const access = sift(read('access.csv'), (row, seen) =>
    !known.has(key(row.username)) || !grantable.has(`${key(row.application)} ${key(row.entitlement)}`) || !isDay(row.granted_at ?? '') || !isDay(row.last_used_at ?? '')
    || once(seen, [row.username, row.application, row.entitlement, row.account || row.username].map(key).join(' ')));
  const logins = new Set(listed.kept.map((row) => `${key(row.application)} ${key(row.account)}`));
  const implied = new Set(access.kept.map((row) => `${key(row.application)} ${key(row.account || row.username)}`).filter((login) => !logins.has(login)));
  const roles = sift(read('roles.csv'), () => false);
  const members = sift(read('role_members.csv'), (row) => !known.has(key(row.username)));
  const decisions = sift(read('decisions.csv'), (row) => !known.has(key(row.username)));

  const counted = {};
  const total = (name, { rows, kept, rejected }, added = kept.length) => {
    if (files[`${name}.csv`] || added > 0) counted[name] = { rows, added, changed: 0, ended: 0, unchanged: 0, rejected };
  };
  total('identities', people);
  total('applications', applications);
  total('entitlements', entitlements);
  total('accounts', listed, listed.kept.length + implied.size);
  total('access', access);
  total('roles', roles, new Set(roles.kept.map((row) => key(row.role))).size);
  total('role_members', members);
  total('decisions', decisions);
  return { totals: counted, people: people.kept, applications: applications.kept, entitlements: entitlements.kept, listed: listed.kept, implied, access: access.kept, findings: findings({ people: people.kept, known, applications, entitlements, listed, access, roles: roles.kept }) };
}

/** The same totals after nothing was new. */
export function unchanged(totals) {
  return Object.fromEntries(Object.entries(totals).map(([name, of]) => [name, { ...of, added: 0, unchanged: of.added }]));
}

/** How many of each finding there are. */
function findings({ people, known, applications, entitlements, listed, access, roles }) {
  const over = (row) => row.status === 'ended';
  const managerOf = (row) => known.get(key(row.manager ?? ''));
  // Whoever comes back to himself going up has no manager.
  const circles = (row) => {
    let above = managerOf(row);
    for (let steps = 0; above && steps <= known.size; steps += 1) {
      if (above === row) return true;
      above = managerOf(above);
    }
    return false;
  };
  const managed = people.map((row) => ({ row, manager: circles(row) ? undefined : managerOf(row) }));
  const dormant = new Date(Date.now() - DORMANT_DAYS * 86_400_000).toISOString().slice(0, 10);
  const ended = new Set(people.filter(over).map((row) => key(row.username)));
  return {
    'No manager': managed.filter(({ row, manager }) => !over(row) && !manager).length,
    'Manager has ended': managed.filter(({ row, manager }) => !over(row) && manager && over(manager)).length,
    'Application without owner': applications.kept.filter((row) => !known.has(key(row.owner ?? ''))).length,
    'Entitlement without owner': entitlements.kept.filter((row) => !known.has(key(row.owner ?? ''))).length,
    'Entitlement without description': entitlements.kept.filter((row) => (row.description ?? '') === '').length,
    'Orphan account': listed.kept.filter((row) => !known.has(key(row.username ?? ''))).length,
    'Dormant access': access.kept.filter((row) => row.last_used_at && row.last_used_at < dormant).length,
    'Overlapping roles': overlaps(roles),
    'Ended, still has access': new Set(access.kept.map((row) => key(row.username)).filter((name) => ended.has(name))).size,
  };
}

/** Pairs of roles that give the same, or of which one gives all of the other without including it, or that give nearly the same. */
function overlaps(rows) {
  const parts = new Map();
  for (const row of rows) {
    const own = parts.get(key(row.role)) ?? { things: new Set(), roles: new Set() };
    if (row.includes_role) own.roles.add(key(row.includes_role));
    else own.things.add(`${key(row.application)} ${key(row.entitlement)}`);
    parts.set(key(row.role), own);
  }
  const below = (role) => new Set([...(parts.get(role)?.roles ?? [])].flatMap((inner) => [inner, ...below(inner)]));
  const all = [...parts.keys()].map((role) => {
    const inner = below(role);
    return { role, inner, gives: new Set([role, ...inner].flatMap((one) => [...(parts.get(one)?.things ?? [])])) };
  });
  let pairs = 0;
  all.forEach((one, at) => {
    for (const other of all.slice(at + 1)) {
      if (one.gives.size === 0 || other.gives.size === 0) continue;
      const included = one.inner.has(other.role) || other.inner.has(one.role);
      const shared = [...one.gives].filter((thing) => other.gives.has(thing)).length;
      const either = one.gives.size + other.gives.size - shared;
      const within = shared === one.gives.size || shared === other.gives.size;
      if (shared === either || (!included && (within || (shared >= 3 && shared * 100 >= either * 80)))) pairs += 1;
    }
  });
  return pairs;
}
