// The list of assignments: found by a finding, two ended at once with a reason after their plan was seen, gone from what
// the person has. With scripts on and off, on both databases.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { pointer } from '../harness/hands.mjs';
import { path } from '../harness/page.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { ADMIN, addPerson, done, welcome } from '../steps/company.mjs';
import { assertHeading, signIn, visit } from '../steps/places.mjs';

const LOOKS = [
  { engine: 'sqlite', scripts: true, width: 1440 },
  { engine: 'sqlite', scripts: false, width: 390 },
  { engine: 'postgres', scripts: false, width: 1440 },
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const { engine, scripts, width } of LOOKS) {
  const name = `assignments with scripts ${scripts ? 'on' : 'off'} at ${width} px on ${engine}`;
  test(name, async () => {
    const server = await Server.create(engine);
    try {
      const admin = await welcome(server);
      const person = await company(admin);
      await windows({ browser, server }, name, async ({ open }) => {
        await walk(pointer(await open({ scripts, width })), person);
      });
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}

/** Somebody who has three things: one without an end, two that end in ten days. */
async function company(admin) {
  await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger' });
  const names = ['read', 'post', 'close'];
  for (const name of names) {
    await done(admin, '/entitlements/new', { application: 'ledger', name, display_name: `Ledger ${name}`, kind: 'permission' });
  }
  const person = await addPerson(admin, { username: 'ana.silva', display_name: 'Ana Silva' });
  for (const name of names) {
    await done(admin, `/people/${person}/give`, {
      what: `ledger/${name}`, reason: 'For the close', until: name === 'read' ? '' : inDays(10),
    });
  }
  return person;
}

function inDays(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

async function walk(hands, person) {
  const { window: { page }, window } = hands;
  await window.goto('/sign-in');
  await signIn(hands, ADMIN);
  await visit(hands, 'Findings');
  await hands.follow(page.getByRole('link', { name: 'Access that ends soon' }).first());
  assert.match(path(window), /^\/assignments/);
  await page.getByText('1–2 of 2').first().waitFor();
  assert.equal(await page.getByText('Ledger read').count(), 0);
  await nothingSelected(hands);
  await end(hands);
  await page.getByText('All 2 done.').first().waitFor();
  assert.equal(await page.getByText('Done', { exact: true }).count(), 2);
  await hands.follow(page.getByRole('link', { name: 'Back to the list' }).first());
  await page.getByText('Nothing matches').first().waitFor();
  await window.goto('/assignments?q=state:ended');
  await page.getByText('1–2 of 2').first().waitFor();
  await window.goto(`/people/${person}/access`);
  await page.getByText('Ledger read').first().waitFor();
  assert.equal(await page.getByText('Ledger post').count(), 0);
}

/** Nothing ticked is said, and does nothing. */
async function nothingSelected(hands) {
  const { window } = hands;
  const back = window.page.url();
  await window.goto('/assignments/bulk?act=end');
  await window.page.getByText('Nothing is selected').first().waitFor();
  await window.page.goto(back);
}

/** Two are ticked; the plan says what is lost; without a reason nothing is done. */
async function end(hands) {
  const { window: { page } } = hands;
  for (const name of ['Ledger post', 'Ledger close']) {
    await page.getByRole('checkbox', { name: `Select ${name} for Ana Silva` }).check();
  }
  await hands.follow(page.getByRole('button', { name: 'End…', exact: true }));
  await assertHeading(hands.window, 'End 2 assignments?');
  await page.getByText('1 person loses; 2 grants in 1 application.').first().waitFor();
  await page.getByText('Loses Ledger post.').first().waitFor();
  await hands.fill(page.getByLabel('Reason'), 'The close is over.');
  const answer = await hands.follow(page.getByRole('button', { name: 'End 2 assignments' }));
  assert.equal(answer.status(), 200);
}
