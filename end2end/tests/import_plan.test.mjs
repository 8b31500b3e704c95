// Before an import is applied its page says who gains and who loses what; when that changed meanwhile it says so again and
// nothing is applied. What people have afterwards comes out as files.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { assertAccessible, asAtFirst, rules } from '../harness/axe.mjs';
import { launch } from '../harness/browser.mjs';
import { records } from '../harness/csv.mjs';
import { follow, path } from '../harness/page.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { importFiles } from '../steps/commands.mjs';
import { done, welcome } from '../steps/company.mjs';
import { addSource, drop, step } from '../steps/imports.mjs';

const LOOKS = [
  { engine: 'sqlite', scripts: true, width: 1440 },
  { engine: 'sqlite', scripts: false, width: 390 },
  { engine: 'postgres', scripts: true, width: 1440 },
];
const FILES = {
  'identities.csv': 'username,display_name,department\nana,Ana Silva,Sales\nben,Ben Ode,Sales\ncy,Cy Tran,Desk\n',
  'applications.csv': 'application,display_name\nledger,Ledger\n',
  'entitlements.csv': 'application,entitlement,display_name,risk\nledger,read,Read it,low\nledger,post,Post to it,high\n',
  'roles.csv': 'role,includes_role,application,entitlement\nreader,,ledger,read\nclerk,reader,,\nclerk,,ledger,post\n',
  'role_members.csv': 'username,role\nana,clerk\nben,reader\n',
  'access.csv': 'username,application,entitlement\ncy,ledger,post\n',
};
/** Cy leaves, Dee comes, Ben gets the larger role. */
const NEXT = {
  ...FILES,
  'identities.csv': 'username,display_name,department\nana,Ana Silva,Sales\nben,Ben Ode,Sales\ndee,Dee Fox,Sales\n',
  'role_members.csv': 'username,role\nana,clerk\nben,clerk\ndee,reader\n',
  'access.csv': 'username,application,entitlement\n',
};

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const { engine, scripts, width } of LOOKS) {
  const name = `an import is planned with scripts ${scripts ? 'on' : 'off'} at ${width} px on ${engine}`;
  test(name, async () => {
    const server = await Server.create(engine);
    try {
      const admin = await welcome(server);
      const init = scripts ? await rules() : undefined;
      await windows({ browser, server }, name, async ({ open }) => {
        await walk(await open({ as: admin, scripts, width, init }), admin, { scripts, server });
      });
      const { code, out, err } = await server.command(['audit', 'verify', '--json']);
      assert.equal(code, 0, `the log does not hold: ${out}${err}`);
    } finally {
      await server.remove();
    }
  });
}

async function walk(window, admin, { scripts, server }) {
  const { page } = window;
  const source = await addSource(window, 'Personnel');
  await drop(window, source, FILES);
  await step(window, 'Check', 'Checked');
  await says(window, '3 people gain; 4 grants in 1 application.');
  await says(window, '3 of those who gain are new.');
  const people = page.getByRole('table', { name: 'Who gains and who loses what' });
  const ana = people.getByRole('row').filter({ hasText: 'Ana Silva' });
  assert.equal(await ana.count(), 2, 'a line a grant');
  await ana.first().getByText('ana, new').waitFor();
  assert.equal(await ana.first().getByRole('link').count(), 0, 'nothing of it has a page yet');
  await page.getByRole('table', { name: 'Grants that begin and end, by risk' }).getByText('High').waitFor();
  if (scripts) {
    const size = page.viewportSize();
    await assertAccessible(window, 'a checked import');
    await asAtFirst(window);
    await page.setViewportSize(size);
  }
  await step(window, 'Apply', 'Applied');
  assert.equal(await page.getByRole('heading', { name: 'Who gains and who loses' }).count(), 0, 'what is done is planned no more');
  await files(window);
  await meanwhile(window, admin, source);
  await command(server);
}

async function says({ page }, text) {
  await page.getByRole('main').getByText(text, { exact: true }).first().waitFor();
}

/** Somebody is suspended after the check, who would have gained something. */
async function meanwhile(window, admin, source) {
  const { page } = window;
  const run = await drop(window, source, NEXT);
  await step(window, 'Check', 'Checked');
  await says(window, '2 people gain, 1 loses; 3 grants in 1 application.');
  const losses = page.getByRole('row').filter({ hasText: 'Cy Tran' }).filter({ hasText: 'Loses' });
  await follow(window, () => losses.first().getByRole('link', { name: 'Cy Tran' }).click());
  assert.match(path(window), /^\/people\/idn_/);
  const ben = await person(window, 'ben');
  await done(admin, `${ben}/suspend`, { reason: 'On a long journey' });
  await window.goto(run);
  await applyAgain(window, run);
  await says(window, '1 person gains, 1 loses; 2 grants in 1 application.');
  await page.getByText('Nothing was done.').first().waitFor();
  // Whoever saw another plan than the one of now applies nothing.
  const answer = await admin.post(`${run}/apply`, { plan: 'another', reason: 'Whole' });
  assert.equal(answer.status, 409);
  assert.match(answer.body, /Something changed meanwhile/);
  await window.goto(run);
  await pressApply(window);
  await until(window, run, () => page.getByRole('main').getByText('Applied', { exact: true }).first().isVisible());
}

/** More than a tenth ends here, so the button stands below its question. */
async function pressApply(window) {
  const { page } = window;
  await page.getByLabel('Why this is right').fill('They left.');
  await follow(window, () => page.getByRole('button', { name: 'Apply all the same' }).click());
}

async function applyAgain(window, run) {
  await pressApply(window);
  const { page } = window;
  await until(window, run, () => page.getByText('Something changed meanwhile. This is what it would do now.').first().isVisible());
  assert.ok(await page.getByRole('main').getByText('Checked', { exact: true }).first().isVisible());
}

async function until(window, run, seen) {
  const end = Date.now() + 60_000;
  for (;;) {
    await window.goto(run);
    if (await seen()) return;
    assert.ok(Date.now() < end, 'it does not come');
    await pause(200);
  }
}

/** The page of somebody. */
async function person(window, username) {
  await window.goto(`/people?q=username:${username}`);
  await follow(window, () => window.page.getByRole('rowheader').getByRole('link').first().click());
  return path(window);
}

async function download({ page }) {
  const link = page.getByRole('main').getByRole('link', { name: 'Export' }).first();
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return records(await readFile(await file.path(), 'utf8'));
}

/** What somebody has, and who has something, as files. */
async function files(window) {
  const ana = await person(window, 'ana');
  await window.goto(`${ana}/access`);
  const has = await download(window);
  assert.deepEqual(has.map((row) => [row.username, row.application, row.entitlement, row.how]).sort(), [
    ['ana', 'ledger', 'post', 'role'], ['ana', 'ledger', 'read', 'role'],
  ]);
  await window.goto(`${ana}/access?q=post`);
  assert.equal((await download(window)).length, 1);
  await window.goto(`${ana}/access?as_of=2020-01-01`);
  await window.page.getByText('Ana Silva was not recorded here then, and so had no access.').first().waitFor();
  await window.goto('/entitlements?q=read');
  await follow(window, () => window.page.getByRole('rowheader').getByRole('link', { name: 'Read it' }).first().click());
  const read = path(window);
  await window.goto(`${read}/holders`);
  assert.deepEqual((await download(window)).map((row) => row.username).sort(), ['ana', 'ben']);
  const why = await window.goto(`${ana.replace(/\?.*/, '')}/why/${read.split('/')[2]}?as_of=2020-01-01`);
  assert.equal(why?.status() ?? 200, 200);
  await window.page.getByText(/Ana Silva was not recorded here then/).first().waitFor();
  await window.goto('/roles?q=clerk');
  await follow(window, () => window.page.getByRole('rowheader').getByRole('link', { name: 'clerk' }).first().click());
  await window.goto(`${path(window).split('?')[0]}/holders`);
  assert.deepEqual((await download(window)).map((row) => [row.username, row.role]), [['ana', 'clerk']]);
}

/** The same sentence by the command line. */
async function command(server) {
  const dry = await importFiles(server, FILES, ['--dry-run']);
  assert.equal(dry.code, 0, dry.err);
  const { plan } = dry.report;
  assert.match(plan.sentence, /gain|lose|Nobody/);
  assert.equal(plan.gains + plan.losses, plan.applications.reduce((all, one) => all + one.gains + one.losses, 0));
}
