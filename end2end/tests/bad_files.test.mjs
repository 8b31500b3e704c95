// Files with every mistake: each is answered with a line and a sentence, the rest is kept, and what a bad line names is
// not taken for missing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from '../harness/server.mjs';
import { assertVerified, importFiles } from '../steps/commands.mjs';
import { welcome } from '../steps/company.mjs';

const PEOPLE = Array.from({ length: 30 }, (_, at) => `p${at},Person ${at},,`);
const GOOD = {
  'identities.csv': text(['username,display_name,manager,end_date', ...PEOPLE]),
  'applications.csv': text(['application,display_name', 'ledger,Ledger']),
  'entitlements.csv': text(['application,entitlement,kind', 'ledger,read,permission', 'ledger,write,permission']),
  'access.csv': text(['username,application,entitlement,last_used_at', ...PEOPLE.map((_, at) => `p${at},ledger,read,`)]),
};
const LINE = 12;

function text(lines) {
  return `${lines.join('\n')}\n`;
}

/** The lines of a file with one of them replaced: line `LINE`, which speaks of p10. */
function broken(file, line) {
  const lines = GOOD[file].trimEnd().split('\n');
  lines[LINE - 1] = line;
  return { [file]: text(lines) };
}

/** The same in bytes, where a marker stands for bytes that no text has. */
function bytes(file, line, marker, put) {
  const whole = Buffer.from(broken(file, line)[file]);
  const at = whole.indexOf(marker);
  return { [file]: Buffer.concat([whole.subarray(0, at), Buffer.from(put), whole.subarray(at + marker.length)]) };
}

const p10 = (rest) => `p10,${rest}`;
/** Each mistake: files in place of the good ones, how many lines are rejected where, and what is said of them. */
const LINES = {
  'a letter in another encoding': [bytes('identities.csv', p10('J§rgen,,'), '§', [0xfc]), 'identities', /line 12.*UTF-8/],
  'a NUL byte': [bytes('identities.csv', p10('Nul§Byte,,'), '§', [0]), 'identities', /line 12.*NUL/],
  'a quotation mark in the middle of a value': [broken('identities.csv', p10('Ann "Bo" Li,,')), 'identities', /line 12.*quotation mark/i],
  'something behind a closing quotation mark': [broken('identities.csv', p10('"Ann" Li,,')), 'identities', /line 12.*quotation mark/i],
  'a field of 10 MB': [broken('identities.csv', p10(`${'x'.repeat(10 << 20)},,`)), 'identities', /line 12.*1 MiB/],
  'too many values': [broken('identities.csv', p10('Li, Ann,,')), 'identities', /line 12.*5 values/],
  'too few values': [broken('identities.csv', p10('Ann')), 'identities', /line 12.*2 values/],
  'a day that does not exist': [broken('identities.csv', p10('Ann,,2026-02-30')), 'identities', /line 12, end_date.*2026-02-30/],
  'a day of another kind': [broken('access.csv', p10('ledger,read,31.12.2025')), 'access', /line 12, last_used_at.*31\.12\.2025/],
  'an entitlement that nobody knows': [broken('access.csv', p10('ledger,nothing,')), 'access', /line 12.*nothing/, { access: 1, accounts: 1 }],
  'an unknown kind of entitlement': [
    { 'entitlements.csv': text(['application,entitlement,kind', 'ledger,read,permission', 'ledger,write,permission', 'ledger,magic,sorcery']) }, 'entitlements', /line 4.*sorcery/,
  ],
  'a key that is there twice': [{ 'identities.csv': `${GOOD['identities.csv']}P3,Again,,\n` }, 'identities', /line 32.*Line 5/],
};
/** Mistakes that leave something empty, and are said. */
const EMPTIED = {
  'a manager whom nobody knows': [broken('identities.csv', p10('Person 10,nobody.here,')), /line 12.*nobody\.here/],
  'two who manage each other': [
    { 'identities.csv': GOOD['identities.csv'].replace('p4,Person 4,,', 'p4,Person 4,p5,').replace('p5,Person 5,,', 'p5,Person 5,p4,') }, /line [67].*(circle|cycle|comes? back|themsel|each other)/i,
  ],
};
/** Files that cannot be taken at all. */
const REFUSED = {
  'a column that is missing': [{ 'access.csv': GOOD['access.csv'].replace('entitlement', 'right') }, /entitlement.*missing/],
  'a column that is there twice': [{ 'identities.csv': GOOD['identities.csv'].replace('manager', 'display_name') }, /display_name.*twice/],
  'a file that lost half its rows': [{ 'identities.csv': text(GOOD['identities.csv'].trimEnd().split('\n').slice(0, 16)) }, /15 of 30 people.*--allow-shrink/],
};

let server;
before(async () => {
  server = await Server.create();
  await welcome(server);
  const { code, err } = await importFiles(server, GOOD);
  assert.equal(code, 0, err);
});
after(() => server?.remove());

/** Puts everything as it was, so that no case depends on another. */
async function asBefore() {
  const { code, report, err } = await importFiles(server, GOOD, ['--allow-shrink', 'The next case begins anew.']);
  assert.equal(code, 0, err);
  return report;
}

for (const [name, [files, kind, said, ends = {}]] of Object.entries(LINES)) {
  test(`${name}: the line is named, the rest is kept`, async () => {
    const { code, report, err } = await importFiles(server, { ...GOOD, ...files });
    assert.equal(code, 3, err);
    assert.match(report.problems.join('\n'), said);
    assert.equal(report.files[kind].rejected, 1);
    for (const [file, totals] of Object.entries(report.files)) {
      assert.deepEqual([file, totals.added, totals.ended], [file, 0, ends[file] ?? 0], 'nothing is new, nothing is taken for missing');
    }
    await asBefore();
  });
}

for (const [name, [files, said]] of Object.entries(EMPTIED)) {
  test(`${name}: the person stays, without manager`, async () => {
    const { code, report, err } = await importFiles(server, { ...GOOD, ...files });
    assert.equal(code, 0, err);
    assert.match(report.problems.join('\n'), said);
    assert.deepEqual([report.files.identities.rejected, report.files.identities.ended], [0, 0]);
    await asBefore();
  });
}

for (const [name, [files, said]] of Object.entries(REFUSED)) {
  test(`${name}: nothing is imported`, async () => {
    const { code, report, err } = await importFiles(server, { ...GOOD, ...files });
    assert.equal(code, 1, err);
    assert.match(`${report?.message ?? ''} ${report?.problems.join('\n') ?? ''} ${err}`, said);
    const still = await asBefore();
    for (const totals of Object.values(still.files)) assert.deepEqual([totals.added, totals.changed, totals.ended], [0, 0, 0]);
  });
}

test('a file that lost half its rows is taken when somebody says why', async () => {
  const half = { 'identities.csv': text(GOOD['identities.csv'].trimEnd().split('\n').slice(0, 16)) };
  const { code, report, err } = await importFiles(server, half, ['--allow-shrink', 'Half of the company was sold.']);
  assert.equal(code, 0, err);
  assert.equal(report.files.identities.ended, 15);
  const back = await asBefore();
  assert.equal(back.files.identities.changed, 15, 'whom the source ended comes back with it');
});

test('half of the rows as a delta end nobody', async () => {
  const half = { 'identities.csv': text(GOOD['identities.csv'].trimEnd().split('\n').slice(0, 16)) };
  const { code, report, err } = await importFiles(server, half, ['--mode', 'delta']);
  assert.equal(code, 0, err);
  assert.deepEqual([report.files.identities.ended, report.files.identities.unchanged], [0, 15]);
});

test('an unclosed quotation mark costs its line and no more', async () => {
  const { code, report, err } = await importFiles(server, { ...GOOD, ...broken('identities.csv', p10('"Ann,,')) });
  assert.ok([1, 3].includes(code), err);
  assert.match(`${report?.message ?? ''} ${report?.problems.join('\n') ?? ''} ${err}`, /line 12.*quotation mark/i);
  assert.equal(report?.files.identities?.ended ?? 0, 0);
  await asBefore();
});

test('a formula is a text like any other', async () => {
  const { code, report, err } = await importFiles(server, { ...GOOD, ...broken('identities.csv', p10('"=1+1|calc",,')) });
  assert.equal(code, 0, err);
  assert.deepEqual([report.files.identities.changed, report.problems.length], [1, 0]);
  await asBefore();
});

test('a folder without files and a file in UTF-16 are answered with what to do', async () => {
  const empty = await importFiles(server, { 'notes.txt': 'x' });
  assert.equal(empty.code, 1);
  assert.match(empty.err, /identities\.csv/);
  const wide = await importFiles(server, { 'identities.csv': Buffer.from(`\ufeff${GOOD['identities.csv']}`, 'utf16le') });
  assert.equal(wide.code, 1);
  assert.match(`${wide.report?.message ?? ''} ${wide.report?.problems?.join(' ') ?? ''} ${wide.err}`, /UTF-8|username/);
  await asBefore();
});

test('after all of it the log holds', async () => {
  await assertVerified(server, 'after many bad files');
});
