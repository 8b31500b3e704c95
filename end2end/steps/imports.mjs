// Bringing files in through the pages, and reading there what came of it.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { words } from '../harness/client.mjs';
import { follow, path, ready } from '../harness/page.mjs';
import { done } from './company.mjs';
import { assertFlash, assertHeading } from './places.mjs';

const LABELS = {
  identities: 'People', applications: 'Applications', entitlements: 'Entitlements', accounts: 'Accounts', roles: 'Roles', role_members: 'Role members',
  access: 'Access', decisions: 'Past decisions',
};
const number = (text) => Number(text.replace(/[^\d]/g, ''));
/** How often a page is looked at while work goes on, and how long at most. */
const [LOOK, PATIENCE] = [300, 120_000];

/** Adds a source on its form. */
export async function addSource(window, name) {
  const { page } = window;
  await window.goto('/sources');
  await follow(window, () => page.getByRole('main').getByRole('link', { name: 'Add source' }).click());
  await page.getByLabel('Name', { exact: true }).fill(name);
  await follow(window, () => page.getByRole('button', { name: 'Add source' }).click());
  await assertHeading(window, name);
  return path(window);
}

/** Drops files on the area of a source and uploads them; the run's page follows. */
export async function drop(window, source, files) {
  const { page } = window;
  await window.goto(source);
  await follow(window, () => page.getByRole('main').getByRole('link', { name: 'Import files' }).first().click());
  await page.getByLabel('Drop the files here, or choose them').setInputFiles(
    Object.entries(files).map(([name, body]) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(body) })),
  );
  await follow(window, () => page.getByRole('button', { name: 'Upload' }).click());
  assert.match(path(window), /^\/runs\/run_\w+$/);
  return path(window);
}

/** Says which column of a file stands for one of ours. */
export async function map(window, ours, theirs) {
  const { page } = window;
  await page.getByLabel(`Column for ${ours}`).first().selectOption({ label: theirs });
  const form = page.locator('form').filter({ has: page.getByLabel(`Column for ${ours}`).first() });
  await follow(window, () => form.getByRole('button', { name: 'Save columns' }).click());
  await assertFlash(window, 'Columns saved. The next import of this source begins with them.');
}

/** Presses Check or Apply and waits, as its job goes on, until the run is where it leads. */
export async function step(window, label, state) {
  const { page } = window;
  await follow(window, () => page.getByRole('main').getByRole('button', { name: label, exact: true }).click());
  const run = path(window);
  const until = Date.now() + PATIENCE;
  for (;;) {
    await window.goto(run);
    if (await page.getByRole('main').getByText(state, { exact: true }).first().isVisible()) break;
    assert.ok(Date.now() < until, `the run does not become ${state}`);
    await pause(LOOK);
  }
  await ready(window);
}

/** The control totals of a run's page, by file, in the words of the command line. */
export async function totals({ page }) {
  const found = {};
  for (const [file, label] of Object.entries(LABELS)) {
    const row = page.getByRole('table', { name: /^What/ }).getByRole('row').filter({ has: page.getByRole('rowheader', { name: label }) });
    if (await row.count() === 0) continue;
    const cells = (await row.first().getByRole('cell').allTextContents()).map(number);
    const [rows, added, changed, ended, unchanged, rejected] = cells;
    found[file] = { rows, added, changed, ended, unchanged, rejected };
  }
  return found;
}

/** The counts of the page of findings. */
export async function findings(window) {
  await window.goto('/findings');
  const rows = await window.page.getByRole('table', { name: 'Findings' }).getByRole('row').all();
  const found = {};
  for (const row of rows.slice(1)) {
    const name = (await row.getByRole('rowheader').textContent()).trim();
    found[name] = number(await row.getByRole('cell').first().textContent());
  }
  return found;
}

/** Findings of an empty console and those of files together. */
export function sum(one, other) {
  return Object.fromEntries(Object.entries(one).map(([name, count]) => [name, count + (other[name] ?? 0)]));
}

/** The same over HTTP: a source by its name, answered as its page. */
export function makeSource(client, name, fields = {}) {
  return done(client, '/sources/new', { name, mode: 'snapshot', ...fields });
}

/** Uploads files and answers the run's page. */
export async function upload(client, source, files) {
  const answer = await client.upload(`${source}/import`, [['idem', randomUUID()], ['mode', 'snapshot']], 'files', files);
  assert.equal(answer.status, 303, words(answer.body).slice(0, 400));
  return answer.location;
}

/** Asks for a step of a run and waits until its page says so. */
export async function ask(client, run, act, state, form = {}) {
  await done(client, `${run}/${act}`, form);
  await reaches(client, run, state);
}

/** Waits until the page of a run says so. */
export async function reaches(client, run, state) {
  const until = Date.now() + PATIENCE;
  while (!pill(await page(client, run)).includes(state)) {
    assert.ok(Date.now() < until, `the run does not become ${state}`);
    await pause(LOOK);
  }
}

async function page(client, run) {
  try {
    return (await client.get(run)).body;
  } catch {
    return '';
  }
}

/** The words of the page's head, where the state stands. */
function pill(html) {
  return words(html).slice(0, 400);
}
