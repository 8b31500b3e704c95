// The files of an organisation that exists nowhere: the same for the same seed, with what files are like in life.
//
// It says what it wrote into the files and nothing of what comes of it; steps/reckoning.mjs counts that from the text.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DAY = 86_400_000;
const GIVEN = ['Jürgen', 'Zoë', 'Åsa', 'Paweł', 'Noël', 'Chloé', 'İpek', 'Søren', 'Inês', 'Márta', 'Bo', 'Ann'];
const FAMILY = ['Müller', 'O’Neil', 'García', 'Łukasz', 'Ødegård', 'Nguyễn', 'D’Angelo', 'Straße', 'Kovács', 'Li', 'van den Berg', 'Çelik'];
const DEPARTMENTS = ['Finance', 'Sales', 'Stores', 'Straßenbau', 'Research & "Development"', ''];
const APPLICATIONS = [
  ['ledger', 'Ledger', 'Books, invoices and payments.', 'high'],
  ['forge', 'Forge', 'Repositories, with "quotes", commas and\na line break.', 'critical'],
  ['wiki', 'Wiki', '', ''],
];
const KINDS = ['membership', 'team', 'repository permission', 'permission', 'licence', 'group'];
const LEVELS = ['low', 'medium', 'high', 'critical', ''];

/** Numbers that look like chance (mulberry32). */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const day = (ago) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);

/** Cells as RFC 4180 writes them, some quoted without need. */
function csv(header, rows, roll) {
  const cell = (value) => (/[",\n\r]/.test(value) || roll(12) === 0 ? `"${value.replaceAll('"', '""')}"` : value);
  return [header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** The texts of all files by name. The column of usernames in identities.csv is called `login`. */
export function organisation({ seed = 7, people: count = 300, grants = 2000 } = {}) {
  const roll = dice(seed);
  const pick = (list) => list[roll(list.length)];
  const people = Array.from({ length: count }, (_, at) => {
    const name = `${pick(GIVEN)} ${pick(FAMILY)}`;
    const manager = at === 0 ? '' : `p${Math.floor((at - 1) / 6)}`;
    const status = at > 60 && at % 29 === 0 ? 'ended' : at % 41 === 7 ? 'on_leave' : at % 53 === 9 ? 'suspended' : at % 3 === 0 ? '' : 'active';
    return { login: `p${at}`, id: `E-${1000 + at}`, name, mail: at % 7 === 0 ? '' : `p${at}@example.com`, department: pick(DEPARTMENTS), manager: at % 19 === 5 ? '' : manager, status };
  });
  people[3].name = '=HYPERLINK("http://example.com","click")';
  people[4].name = 'Robert "Bob" O\'Brien, Jr.';
  people[5].department = '+1+1';
  // Somebody who has left still stands as manager of six.
  people[10].status = 'ended';
  // Nobody is called so; the people stay, without manager.
  const late = Math.floor(count * 0.7);
  people[late - 10].manager = 'nobody.here';
  people[late - 9].manager = 'nobody.there';
  // Two who manage each other.
  people[late].manager = `p${late + 1}`;
  people[late + 1].manager = `p${late}`;
  const rows = people.map((one) => [one.id, one.login, one.name, one.mail, one.department, one.manager, one.status, one.login === 'p12' ? day(400) : '', `CC-${one.login.length}`]);
  // Lines that cannot be taken: a day that does not exist, a login that was there, no login, too few cells.
  rows.push(['E-9001', 'wrong.day', 'Wrong Day', '', '', '', 'active', '2026-02-30', '']);
  rows.push(['E-9002', 'P17', 'Doubled', '', '', '', 'active', '', '']);
  rows.push(['E-9003', '', 'No Login', '', '', '', 'active', '', '']);
  let identities = csv(['external_id', 'login', 'display_name', 'email', 'department', 'manager', 'status', 'start_date', 'cost centre'], rows, roll);
  identities += 'E-9004,short\r\n';

  const applications = APPLICATIONS.map(([name, title, text, level], at) => [name, title, text, at === 2 ? '' : `p${at + 1}`, level]);
  const entitlements = [];
  for (const [app] of APPLICATIONS) {
    for (let at = 0; at < 25; at += 1) {
      const text = at % 4 === 0 ? '' : `Lets people do ${at}, "really".`;
      entitlements.push([app, `${app}.${at}`, pick(KINDS), at % 5 === 0 ? '' : `${app} ${at} – Zugriff`, text, at % 2 ? 'read;write' : '', pick(LEVELS), at % 3 === 0 ? '' : `p${roll(9)}`]);
    }
  }
  const unknown = ['ledger', 'odd.one', 'sorcery', 'Odd', '', '', '', ''];

  const accounts = [];
  for (const app of ['ledger', 'forge']) {
    people.forEach((one, at) => {
      accounts.push([app, `${app[0]}-${one.login}`, one.login, at % 17 === 3 ? 'disabled' : '', at % 4 === 0 ? '' : day(roll(400))]);
    });
    for (let at = 0; at < 8; at += 1) accounts.push([app, `lost-${at}`, '', 'enabled', day(30 * at)]);
  }

  const taken = new Set();
  const access = [];
  while (access.length < grants) {
    const [app, name] = entitlements[Math.min(roll(75), roll(75))];
    const who = people[roll(count)].login;
    if (!taken.has(`${who} ${name}`)) {
      taken.add(`${who} ${name}`);
      const login = app === 'wiki' ? '' : `${app[0]}-${who}`;
      const used = [day(roll(80)), day(100 + roll(300)), ''][roll(3)];
      access.push([roll(9) === 0 ? who.toUpperCase() : who, app, name, login, roll(2) ? day(500 + roll(900)) : '', used]);
    }
  }
  const badAccess = [
    ['nobody.here', 'ledger', 'ledger.1', '', '', ''],
    ['p1', 'ledger', 'not.there', '', '', ''],
    ['p1', 'forge', 'forge.2', 'f-p1', '31.12.2025', ''],
    [access[0][0], access[0][1], access[0][2], access[0][3], '', ''],
  ];

  // Teams four deep: every role holds some access and includes one below it.
  const roles = [];
  const members = [];
  for (let team = 0; team < 40; team += 1) {
    const [app, name] = entitlements[roll(75)];
    roles.push([`team-${team}`, '', app, name, `Team ${team}`]);
    if (team % 4 > 0) roles.push([`team-${team}`, `team-${team - 1}`, '', '', '']);
    for (let one = 0; one < 6; one += 1) members.push([`p${team * 6 + one}`, `team-${team}`]);
  }
  const living = members.filter(([who]) => (people[Number(who.slice(1))]?.status ?? 'ended') !== 'ended');
  const decisions = access.slice(0, 120).map(([who, app, name], at) => [who, app, name, at % 6 === 0 ? 'denied' : 'approved']);

  return {
    'identities.csv': `\ufeff${identities}`,
    'applications.csv': csv(['application', 'display_name', 'description', 'owner', 'criticality'], applications, roll),
    'entitlements.csv': csv(['application', 'entitlement', 'kind', 'display_name', 'description', 'actions', 'risk', 'owner'], [...entitlements, unknown], roll),
    'accounts.csv': csv(['application', 'account', 'username', 'status', 'last_used_at'], accounts, roll),
    'access.csv': csv(['username', 'application', 'entitlement', 'account', 'granted_at', 'last_used_at'], [...access, ...badAccess], roll),
    'roles.csv': csv(['role', 'includes_role', 'application', 'entitlement', 'display_name'], roles, roll),
    'role_members.csv': csv(['username', 'role'], living, roll),
    'decisions.csv': csv(['username', 'application', 'entitlement', 'decision'], decisions, roll),
  };
}

/** Writes files into a folder of their own; answers the folder and how to remove it. */
export async function folder(files) {
  const path = await mkdtemp(join(tmpdir(), 'bailiwick-files-'));
  await Promise.all(Object.entries(files).map(([name, body]) => writeFile(join(path, name), body)));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
