// The access model, walked through: a role in a role, given by a rule after its plan was seen, why somebody has it, how it was
// before, and what an exclusion takes away.

import assert from 'node:assert/strict';

import { path } from '../harness/page.mjs';
import { ADMIN } from './company.mjs';
import { assertFlash, assertHeading, signIn, visit } from './places.mjs';

/** Everything, in order; people and entitlements are there. */
export async function model(hands, { person }) {
  const { window } = hands;
  await window.goto('/sign-in');
  await signIn(hands, ADMIN);
  await makeRole(hands, 'reader', 'Ledger reader', 'ledger/read');
  await makeRole(hands, 'clerk', 'Ledger clerk', 'ledger/post\nrole:reader');
  await circle(hands);
  const before = await moment(hands);
  await rule(hands);
  await why(hands, person);
  await then(hands, person, before);
  await exclude(hands, person);
}

/** A role is made empty, and filled after its plan was seen. */
async function makeRole(hands, name, title, parts) {
  const { window: { page }, window } = hands;
  await visit(hands, 'Roles');
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'New role' }).first());
  await hands.fill(page.getByLabel('Name', { exact: true }), title);
  await hands.fill(page.getByLabel('Technical name'), name);
  await hands.follow(page.getByRole('button', { name: 'Add role' }));
  await assertHeading(window, title);
  await window.goto(`/roles/${path(window).split('/')[2]}/contents/edit`);
  await hands.fill(page.locator('textarea[name="add"]'), parts);
  await hands.follow(page.getByRole('button', { name: 'See what it changes' }));
  await page.getByText('Nobody gains or loses anything.').first().waitFor();
  await hands.fill(page.getByLabel('Reason'), 'What clerks need.');
  await hands.follow(page.getByRole('button', { name: 'Apply', exact: true }));
  assert.match(path(window), /^\/roles\/rol_\w+\/contents$/);
}

/** A role in itself is refused, with the way round. */
async function circle(hands) {
  const { window: { page }, window } = hands;
  await visit(hands, 'Roles');
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'Ledger reader', exact: true }).first());
  await window.goto(`/roles/${path(window).split('/')[2]}/contents/edit`);
  await hands.fill(page.locator('textarea[name="add"]'), 'role:clerk');
  const answer = await hands.follow(page.getByRole('button', { name: 'See what it changes' }));
  assert.equal(answer.status(), 422);
  await page.getByText(/would close a circle: .*includes/).first().waitFor();
  assert.equal(await page.locator('textarea[name="add"]').inputValue(), 'role:clerk');
}

/** A moment that has passed when the next thing happens. */
async function moment() {
  const now = new Date().toISOString();
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  return now;
}

/** A rule is written, observed and activated; the plan says whom it touches. */
async function rule(hands) {
  const { window: { page }, window } = hands;
  await visit(hands, 'Rules');
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'New rule' }).first());
  await hands.fill(page.getByLabel('Name', { exact: true }), 'Finance posts');
  await hands.fill(page.getByLabel('Gives'), 'role:clerk');
  await hands.fill(page.getByLabel('Condition', { exact: true }), 'principal.departement == "Finance"');
  const wrong = await hands.follow(page.getByRole('button', { name: 'Add rule' }).last());
  assert.equal(wrong.status(), 422);
  await page.getByText(/department/).first().waitFor();
  await hands.fill(page.getByLabel('Condition', { exact: true }), 'principal.department == "Finance"');
  await hands.follow(page.getByRole('button', { name: 'Add rule' }).last());
  const id = path(window).split('/')[2];
  for (const step of ['observe', 'activate']) {
    await window.goto(`/rules/${id}/${step}`);
    await page.getByText(/1 person gains; 2 grants in 1 application/).first().waitFor();
    await hands.fill(page.getByLabel('Reason'), 'As agreed.');
    await hands.follow(page.locator('main form button[type="submit"]').last());
    assert.equal(path(window), `/rules/${id}`);
  }
  await page.getByText('Active', { exact: true }).first().waitFor();
}

/** The person has it, and the page says why. */
async function why(hands, person) {
  const { window: { page }, window } = hands;
  await window.goto(`/people/${person}/access`);
  const row = page.getByRole('row').filter({ hasText: 'Read the ledger' });
  await row.getByRole('link', { name: /Rule|rule/ }).first().waitFor();
  await hands.follow(row.getByRole('link', { name: /Rule|rule/ }).first());
  await page.getByText(/because the rule “Finance posts” gives the role Ledger clerk, which includes Ledger reader/).first().waitFor();
  await page.getByText('To really end it').first().waitFor();
}

/** Before the rule there was nothing. */
async function then(hands, person, before) {
  const { window: { page }, window } = hands;
  await window.goto(`/people/${person}/access?as_of=${encodeURIComponent(before)}`);
  await page.getByText('This is what was recorded and valid then.').first().waitFor();
  assert.equal(await page.getByText('Read the ledger').count(), 0);
  await hands.follow(page.getByRole('link', { name: 'Back to now' }));
  await page.getByText('Read the ledger').first().waitFor();
}

/** An exclusion takes one thing away, and why says so. */
async function exclude(hands, person) {
  const { window: { page }, window } = hands;
  await window.goto(`/people/${person}/exclude`);
  await hands.fill(page.getByLabel('What', { exact: true }), 'ledger/post');
  const answer = await hands.follow(page.getByRole('button', { name: 'Exclude', exact: true }));
  assert.equal(answer.status(), 422);
  await hands.fill(page.getByLabel('Reason'), 'Approves payments.');
  await hands.follow(page.getByRole('button', { name: 'Exclude', exact: true }));
  assert.equal(path(window), `/people/${person}/access`);
  await assertFlash(window, 'Excluded.');
  await page.getByText('Read the ledger').first().waitFor();
  await page.getByText('Approves payments.').first().waitFor();
  const thing = await page.getByRole('main').getByRole('link', { name: 'Post to the ledger', exact: true }).first().getAttribute('href');
  await window.goto(`/people/${person}/why/${thing.split('/').at(-1)}`);
  await page.getByText(/does not have Post to the ledger .* Approves payments\./).first().waitFor();
}
