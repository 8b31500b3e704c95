// Findings of the access model: what few peers have, roles that nobody holds, roles that overlap; with scripts on and off, on
// both databases.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { launch } from '../harness/browser.mjs';
import { hidden } from '../harness/client.mjs';
import { pointer } from '../harness/hands.mjs';
import { path } from '../harness/page.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { ADMIN, crowd, done, welcome } from '../steps/company.mjs';
import { assertFlash, assertHeading, signIn, visit } from '../steps/places.mjs';

const LOOKS = [
  { engine: 'sqlite', scripts: true, width: 1440 },
  { engine: 'sqlite', scripts: false, width: 390 },
  { engine: 'postgres', scripts: false, width: 1440 },
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const { engine, scripts, width } of LOOKS) {
  const name = `findings of the access model with scripts ${scripts ? 'on' : 'off'} at ${width} px on ${engine}`;
  test(name, async () => {
    const server = await Server.create(engine);
    try {
      const admin = await welcome(server);
      const one = await company(admin);
      await windows({ browser, server }, name, async ({ open }) => {
        const hands = pointer(await open({ scripts, width }));
        await hands.window.goto('/sign-in');
        await signIn(hands, ADMIN);
        await outliers(hands, admin, one);
        await unheld(hands);
        await overlapping(hands);
      });
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}

/** Twelve clerks, of whom one posts; two roles that give the same, which nobody holds. */
async function company(admin) {
  await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger' });
  for (const [name, title] of [['read', 'Read the ledger'], ['post', 'Post to the ledger']]) {
    await done(admin, '/entitlements/new', { application: 'ledger', name, display_name: title, kind: 'permission', risk: 'high' });
  }
  const [one] = await crowd(admin, 12, { department: 'Finance', title: 'Clerk', kind: 'employee' });
  await done(admin, `/people/${one}/give`, { what: 'ledger/post', reason: 'Stands in for a colleague.' });
  for (const [name, title] of [['reader', 'Reader'], ['looker', 'Looker']]) {
    const role = await done(admin, '/roles/new', { name, display_name: title });
    const form = `/roles/${role.split('/')[2]}/contents/edit`;
    const page = await admin.get(form);
    const wanted = { add: 'ledger/read', reason: 'What they need.', version: hidden(page.body, 'version') };
    const seen = await admin.post(form, { ...wanted, step: 'see' });
    await done(admin, form, { ...wanted, step: 'apply', hash: hidden(seen.body, 'hash') });
  }
  return one;
}

/** A look is asked for; what it finds leads to why, and goes when the access does. */
async function outliers(hands, admin, one) {
  const { window: { page }, window } = hands;
  await visit(hands, 'Findings');
  await page.getByText('Access few peers have was not looked for yet.').first().waitFor();
  await hands.follow(page.getByRole('main').getByRole('button', { name: 'Look now' }));
  assert.equal(path(window), '/findings/outliers');
  await assertFlash(window, 'It is being looked for in the background.');
  await through(admin);
  await visit(hands, 'Findings');
  const row = page.getByRole('row').filter({ hasText: 'Access few peers have' });
  await row.getByText('1', { exact: true }).waitFor();
  await hands.follow(row.getByRole('link', { name: 'Access few peers have' }));
  await assertHeading(window, 'Access few peers have');
  await page.getByText('0 of 11 peers').first().waitFor();
  await window.goto('/findings/outliers?q=risk%3E%3Dhigh+department%3AFinance');
  await page.getByText('0 of 11 peers').first().waitFor();
  await window.goto('/findings/outliers?q=application%3Acrm');
  await page.getByText('No outlier matches').first().waitFor();
  const file = await admin.get('/findings/outliers/export.csv');
  assert.match(file.body, /crowd\.001,.*ledger,Ledger,.*,high,0,11,/);
  await window.goto('/findings/outliers');
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'Post to the ledger' }).first());
  await page.getByText(/Stands in for a colleague/).first().waitFor();
  await done(admin, `/people/${one}/exclude`, { what: 'ledger/post', reason: 'Over.' });
  await window.goto('/findings/outliers');
  await page.getByText('One row of this page is left out').first().waitFor();
  assert.equal(await page.getByText('0 of 11 peers').count(), 0);
}

/** Waits until nobody looks any more. */
async function through(admin) {
  for (let tried = 0; tried < 100; tried += 1) {
    const { body } = await admin.get('/findings/outliers');
    if (body.includes('Look again now')) return;
    await pause(200);
  }
  assert.fail('the look does not come to its end');
}

async function unheld(hands) {
  const { window: { page }, window } = hands;
  await visit(hands, 'Findings');
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'Role without holders' }));
  assert.equal(path(window), '/roles?q=status%3Aactive+holders%3Anone');
  for (const name of ['Reader', 'Looker']) {
    await page.getByRole('main').getByRole('link', { name, exact: true }).first().waitFor();
  }
}

async function overlapping(hands) {
  const { window: { page }, window } = hands;
  await visit(hands, 'Findings');
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'Overlapping roles' }));
  await assertHeading(window, 'Overlapping roles');
  await page.getByText('1: Read the ledger').first().waitFor();
  await hands.follow(page.getByRole('link', { name: 'Compare Reader and Looker' }));
  await assertHeading(window, 'Reader and Looker');
  await page.getByRole('heading', { name: /Only Looker/ }).first().waitFor();
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'Open Looker' }));
  await assertHeading(window, 'Looker');
}
