// From files to findings through the pages: everything that is counted on the screen is what was reckoned from the files.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { records } from '../harness/csv.mjs';
import { follow, path } from '../harness/page.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { welcome } from '../steps/company.mjs';
import { addSource, drop, findings, map, step, sum, totals } from '../steps/imports.mjs';
import { names, range, search } from '../steps/lists.mjs';
import { organisation } from '../steps/organisation.mjs';
import { reckon, unchanged } from '../steps/reckoning.mjs';

const FILES = organisation();
const EXPECTED = reckon(FILES);
/** Each engine once, scripts on and off. */
const LOOKS = [{ engine: 'sqlite', scripts: true }, { engine: 'sqlite', scripts: false }, { engine: 'postgres', scripts: true }];

/** The text of a file that a link gives. */
async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return records(await readFile(await file.path(), 'utf8'));
}

for (const { engine, scripts } of LOOKS) {
  test(`files become people with access and findings, on ${engine}, scripts ${scripts ? 'on' : 'off'}`, async () => {
    const [browser, server] = await Promise.all([launch(), Server.create(engine)]);
    try {
      const admin = await welcome(server);
      await windows({ browser, server }, 'import', async ({ open }) => walk(await open({ as: admin, scripts }), admin));
      const { code, out, err } = await server.command(['audit', 'verify', '--json']);
      assert.equal(code, 0, `the log does not hold: ${out}${err}`);
    } finally {
      await browser.close();
      await server.remove();
    }
  });
}

async function walk(window, admin) {
  const { page } = window;
  const before = await findings(window);
  const source = await addSource(window, 'Personnel & access');
  const run = await drop(window, source, FILES);
  await mapColumns(window);
  await dryRun(window);
  assert.deepEqual(await findings(window), before, 'a dry run changes nothing');
  await window.goto(run);
  await step(window, 'Apply', 'Applied');
  assert.deepEqual(await totals(window), EXPECTED.totals, 'what was done is what was foreseen');
  await rows(window, run);
  await somebody(window);
  await holders(window);
  await files(admin);
  assert.deepEqual(await findings(window), sum(before, EXPECTED.findings));
  await dormant(window);
  await again(window, source);
  await window.goto('/overview');
  await page.getByRole('main').getByRole('link', { name: 'Personnel & access' }).first().waitFor();
}

/** The file calls its usernames otherwise: the page says what it misses, and remembers the answer. */
async function mapColumns(window) {
  const { page } = window;
  await page.getByText('Choose the column for username').waitFor();
  const check = page.getByRole('main').getByRole('button', { name: /^Check ?A file needs your attention first/ });
  assert.equal(await check.getAttribute('aria-disabled'), 'true');
  await map(window, 'username', 'login');
  await page.getByRole('main').locator('summary').filter({ hasText: 'Columns' }).first().click();
  await page.getByText('Kept as attributes of each person: cost centre.').first().waitFor();
}

async function dryRun(window) {
  const { page } = window;
  await step(window, 'Check', 'Checked');
  assert.deepEqual(await totals(window), EXPECTED.totals);
  const problems = page.getByRole('table', { name: 'Problems' });
  await problems.getByText('2026-02-30', { exact: false }).waitFor();
  const found = await download(page, page.getByRole('main').getByRole('link', { name: 'Download' }).first());
  const rejected = Object.values(EXPECTED.totals).reduce((all, of) => all + of.rejected, 0);
  const lines = new Set(found.map((row) => `${row.file} ${row.line}`));
  assert.ok(lines.size >= rejected, `${lines.size} lines are reported, ${rejected} are rejected`);
  assert.ok(found.every((row) => Number(row.line) > 1 && row.problem !== ''), 'every problem has a line and a sentence');
  // Of those who stand in a circle and of managers whom nobody knows something is said, too.
  for (const word of ['nobody.here', 'nobody.there']) assert.ok(found.some((row) => row.problem.includes(word)), `${word} is reported`);
}

/** What the run did, row by row, each with its proof, and the entry of the log. */
async function rows(window, run) {
  const { page } = window;
  const all = Object.values(EXPECTED.totals).reduce((sum_, of) => sum_ + of.added, 0);
  await window.goto(`${run}/rows`);
  const said = await page.getByText(/^1–100 of/).first().textContent();
  assert.equal(Number(said.split(' of ')[1].replace(/[^\d]/g, '')), all);
  await window.goto(run);
  await follow(window, () => page.getByRole('main').getByRole('link', { name: /^Entry/ }).click());
  assert.match(path(window), /^\/audit\/\d+/);
}

/** A person is found by an umlaut, with access and accounts as the files have them. */
async function somebody(window) {
  const { page } = window;
  const one = EXPECTED.people.find((row) => /ü|ö|ø|Ł/i.test(row.display_name) && row.status !== 'ended' && EXPECTED.access.filter((grant) => grant.username.toLowerCase() === row.username).length > 2);
  await window.goto('/people');
  await search(window, `username:${one.username}`);
  await follow(window, () => page.getByRole('rowheader').getByRole('link', { name: one.display_name }).first().click());
  await follow(window, () => page.getByRole('main').getByRole('link', { name: 'Access', exact: true }).click());
  await page.getByText('Found by an import').first().waitFor();
  await follow(window, () => page.getByRole('main').getByRole('link', { name: 'Observed', exact: true }).click());
  const held = EXPECTED.access.filter((row) => row.username.toLowerCase() === one.username);
  assert.match(await range(window), new RegExp(`of ${held.length}$`));
  const shown = await page.getByRole('table', { name: 'What sources see' }).getByRole('row').count();
  assert.equal(shown - 1, held.length);
  await follow(window, () => page.getByRole('main').getByRole('link', { name: 'Accounts', exact: true }).click());
  await page.getByRole('rowheader', { name: `l-${one.username}` }).waitFor();
  await window.goto('/people');
  await search(window, '=HYPERLINK');
  assert.deepEqual(await names(window), ['=HYPERLINK("http://example.com","click")'], 'a formula is a text here');
}

/** Holders of what most people have, on the screen and in the file. */
async function holders(window) {
  const { page } = window;
  const counts = Map.groupBy ? Map.groupBy(EXPECTED.access, (row) => row.entitlement) : group(EXPECTED.access);
  const [name, held] = [...counts].sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0]))[0];
  await window.goto(`/entitlements?q=${encodeURIComponent(name)}`);
  const title = EXPECTED.entitlements.find((row) => row.entitlement === name).display_name || name;
  await follow(window, () => page.getByRole('rowheader').getByRole('link', { name: title, exact: true }).click());
  await follow(window, () => page.getByRole('main').getByRole('link', { name: 'Observed', exact: true }).click());
  assert.match(await range(window), new RegExp(`of ${held.length}$`));
  const file = await download(page, page.getByRole('main').getByRole('link', { name: 'Export' }).first());
  assert.deepEqual(file.map((row) => row.username).sort(), held.map((row) => row.username.toLowerCase()).sort());
}

function group(list) {
  const groups = new Map();
  for (const row of list) groups.set(row.entitlement, [...(groups.get(row.entitlement) ?? []), row]);
  return groups;
}

/** The files that lists give have as many rows as were imported, and no formula. */
async function files(admin) {
  const exported = async (list, query = '') => records((await admin.get(`${list}/export.csv${query}`)).body);
  const people = await exported('/people');
  assert.equal(people.length, EXPECTED.people.length + 1);
  const mine = new Map(people.map((row) => [row.username, row]));
  for (const row of EXPECTED.people) {
    const found = mine.get(row.username);
    assert.equal(found.status, row.status || 'active');
    assert.equal(found.display_name.replace(/^'/, ''), row.display_name);
  }
  assert.equal(mine.get('p3').display_name, '\'=HYPERLINK("http://example.com","click")');
  assert.equal((await exported('/applications')).length, EXPECTED.applications.length + 1);
  assert.equal((await exported('/accounts')).length, EXPECTED.listed.length + EXPECTED.implied.size);
  // The list of everybody's access begins where a use is known; who holds what stands with each entitlement.
  assert.equal((await exported('/access')).length, EXPECTED.access.filter((row) => row.last_used_at).length);
  const held = [];
  for (const { id, entitlement: name } of await exported('/entitlements')) {
    const file = records((await admin.get(`/entitlements/${id}/observed.csv`)).body);
    held.push(...file.map((row) => `${row.username} ${name}`));
  }
  assert.deepEqual(held.sort(), EXPECTED.access.map((row) => `${row.username.toLowerCase()} ${row.entitlement}`).sort());
}

/** A finding leads to the list of exactly what it counts. */
async function dormant(window) {
  const { page } = window;
  for (const name of ['Dormant access', 'Ended, still has access', 'Orphan account']) {
    await window.goto('/findings');
    await follow(window, () => page.getByRole('rowheader').getByRole('link', { name, exact: true }).click());
    assert.match(await range(window), new RegExp(`of ${EXPECTED.findings[name]}$`), name);
  }
}

/** The same files once more: the columns are remembered and nothing changes. */
async function again(window, source) {
  await drop(window, source, FILES);
  await step(window, 'Check', 'Checked');
  assert.deepEqual(await totals(window), unchanged(EXPECTED.totals));
  await step(window, 'Apply', 'Applied');
  assert.deepEqual(await totals(window), unchanged(EXPECTED.totals));
}
