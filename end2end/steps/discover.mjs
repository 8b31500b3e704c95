// Roles found in what people have, walked through: from the list of roles to a draft of what was found, and several at once.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { path } from '../harness/page.mjs';
import { ADMIN, addPerson, done } from './company.mjs';
import { assertFlash, assertHeading, signIn, visit } from './places.mjs';

/** Longer than any search of a few grants takes. */
const PATIENCE = 60_000;
/** Who has what: two kinds of work, and something that one person alone has. */
const HAVE = [
  ['Ana Silva', 'Finance', 'Clerk', ['read', 'post']],
  ['Ben Ode', 'Finance', 'Clerk', ['read', 'post']],
  ['Cy Tran', 'Sales', 'Agent', ['read', 'pay']],
  ['Dee Wu', 'Sales', 'Agent', ['read', 'pay']],
  ['Eli Roe', 'Audit', 'Auditor', ['inspect']],
];

/** People with access. */
export async function access(admin) {
  await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger' });
  for (const name of ['read', 'post', 'pay', 'inspect']) {
    await done(admin, '/entitlements/new', { application: 'ledger', name, display_name: `May ${name}`, kind: 'permission' });
  }
  for (const [name, department, title, has] of HAVE) {
    const username = name.toLowerCase().replace(' ', '.');
    const id = await addPerson(admin, { username, display_name: name, department, title });
    for (const what of has) await done(admin, `/people/${id}/give`, { what: `ledger/${what}`, reason: 'Part of the job.' });
  }
}

/** Asks for a search and waits until it is through; answers the path of the proposal. */
export async function search(admin, form) {
  const found = await done(admin, '/roles/discover', form);
  const until = Date.now() + PATIENCE;
  while (!(await admin.get(found)).body.includes('Roles that were found')) {
    assert.ok(Date.now() < until, 'the search comes to no end');
    await pause(100);
  }
  return found;
}

/** Everything, in order; people have access. */
export async function discover(hands) {
  const { window } = hands;
  await window.goto('/sign-in');
  await signIn(hands, ADMIN);
  await mistaken(hands);
  const found = await asked(hands);
  await draft(hands);
  await several(hands, found);
  await again(hands, found);
}

/** An application that is not there. */
async function mistaken(hands) {
  const { window: { page }, window } = hands;
  await visit(hands, 'Roles');
  await hands.follow(page.getByRole('link', { name: 'Find roles in present access' }));
  await assertHeading(window, 'Find roles in present access');
  await page.getByRole('radio', { name: /One application/ }).check();
  const answer = await hands.follow(page.getByRole('button', { name: 'Find roles' }));
  assert.equal(answer.status(), 422);
  await page.getByText('The application is missing.').first().waitFor();
}

/** A search of everybody comes to its end while its page is looked at, also without scripts. */
async function asked(hands) {
  const { window: { page }, window } = hands;
  await page.getByRole('radio', { name: /Everybody/ }).check();
  await hands.follow(page.getByRole('button', { name: 'Find roles' }));
  await assertHeading(window, 'Roles in the access of everybody');
  await page.getByText('3 roles give exactly the 9 grants of 5 people; fewer than 3 are impossible.').waitFor({ timeout: PATIENCE });
  const found = path(window);
  // The job leads here, and back.
  await hands.follow(page.getByRole('link', { name: 'Its job' }));
  await assertHeading(window, 'Find roles in the access of everybody');
  await hands.follow(page.getByRole('link', { name: 'See what was found' }));
  assert.equal(path(window), found);
  await page.getByText('1 role has one member only and gives 1 grant.').first().waitFor();
  return found;
}

/** One role is looked at and made a draft, which is in the list and held by nobody. */
async function draft(hands) {
  const { window: { page }, window } = hands;
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'Clerk, Finance', exact: true }));
  await assertHeading(window, 'Clerk, Finance');
  for (const text of ['May read', 'May post', 'Ana Silva', 'Ben Ode']) await page.getByText(text, { exact: true }).first().waitFor();
  await hands.fill(page.getByLabel('Name', { exact: true }), 'Ledger clerk');
  await hands.fill(page.getByLabel('Technical name'), '');
  const answer = await hands.follow(page.getByRole('button', { name: 'Create as draft' }));
  assert.equal(answer.status(), 422);
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Ledger clerk');
  await hands.fill(page.getByLabel('Technical name'), 'ledger-clerk');
  await hands.follow(page.getByRole('button', { name: 'Create as draft' }));
  assert.match(path(window), /^\/roles\/rol_\w+$/);
  await assertFlash(window, 'Made as a draft. Nobody holds it yet.');
  await page.getByText('This is a draft: nobody holds it yet').waitFor();
  await hands.follow(page.getByRole('link', { name: '2 people' }));
  await page.getByText('A role was made of this').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Create as draft' }).count(), 0, 'nobody is offered a role twice');
  await visit(hands, 'Roles');
  await page.getByRole('main').getByRole('link', { name: 'Ledger clerk', exact: true }).first().waitFor();
}

/** The other two at once, with how it ended with each. */
async function several(hands, found) {
  const { window: { page }, window } = hands;
  await window.goto(found);
  const boxes = page.getByRole('main').locator('td.pick input[type="checkbox"]');
  assert.equal(await boxes.count(), 2, 'what is made already cannot be ticked');
  for (const box of await boxes.all()) await box.check();
  await hands.follow(page.getByRole('button', { name: 'Create as drafts…' }));
  await assertHeading(window, 'Create 2 drafts?');
  await hands.follow(page.getByRole('button', { name: 'Create 2 drafts' }));
  await page.getByText('All 2 are there. Nobody holds them yet.').waitFor();
  await page.getByText('Created', { exact: true }).nth(1).waitFor();
}

/** Looked for again, the roles are there already. */
async function again(hands, found) {
  const { window: { page }, window } = hands;
  await window.goto('/roles/discover');
  await hands.follow(page.getByRole('button', { name: 'Find roles' }));
  await page.getByText('3 roles give exactly').first().waitFor({ timeout: PATIENCE });
  assert.notEqual(path(window), found);
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'Clerk, Finance', exact: true }));
  await page.getByText('This role exists').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Ledger clerk' }).first().waitFor();
}
