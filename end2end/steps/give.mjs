// Giving to several people from the list, and giving one what a colleague has; each after what it would do was seen.

import assert from 'node:assert/strict';

import { assertNoOverflow, path } from '../harness/page.mjs';
import { assertFieldError, assertFlash, assertHeading } from './places.mjs';

/** Two people are ticked and one who has left; what is refused is said, the rest is given. */
export async function many(hands, { ana, cy, dan }) {
  const { window: { page }, window } = hands;
  await window.goto('/people?q=status%3Acurrent%20department%3AStores');
  for (const name of ['Ana Silva', 'Cy Tran']) await hands.press(page.getByLabel(`Select ${name}`));
  await hands.follow(page.getByRole('button', { name: 'Give access…' }));
  assert.match(path(window), /^\/people\/give\?/);
  await assertHeading(window, 'Give access to 2 people');
  await page.getByRole('row').filter({ hasText: 'Cy Tran' }).waitFor();
  await window.goto(`${path(window)}&id=${dan}`);
  await assertHeading(window, 'Give access to 3 people');
  await hands.fill(page.getByLabel('What', { exact: true }), 'role:nothing');
  const wrong = await hands.follow(page.getByRole('button', { name: 'See what it does' }));
  assert.equal(wrong.status(), 422);
  await assertFieldError(page.getByLabel('What', { exact: true }), /no role/);
  await assertFieldError(page.getByLabel('Reason'), /missing/);
  await hands.fill(page.getByLabel('What', { exact: true }), 'role:reader');
  await hands.fill(page.getByLabel('Reason'), 'New in the stores.');
  await hands.follow(page.getByRole('button', { name: 'See what it does' }));
  await page.getByText('2 people gain; 2 grants in 1 application. 2 assignments begin, 1 is refused.').waitFor();
  const refused = page.getByRole('row').filter({ hasText: 'Dan Roe' });
  await refused.getByText('Dan Roe has left and can be given nothing.').waitFor();
  await assertNoOverflow(window, 'the plan of giving to many');
  await hands.follow(page.getByRole('button', { name: 'Give to 2 people' }));
  await page.getByText('2 done, 1 not — see why below.').waitFor();
  for (const id of [ana, cy]) {
    await window.goto(`/people/${id}/access`);
    const row = page.getByRole('row').filter({ hasText: 'Read the ledger' });
    await row.getByText('Role Ledger reader').first().waitFor();
  }
  await again(hands, ana);
}

/** Once more: it was given already, so there is nothing to give. */
async function again(hands, ana) {
  const { window: { page }, window } = hands;
  await window.goto(`/people/give?id=${ana}&what=role%3Areader&reason=Again`);
  await hands.follow(page.getByRole('button', { name: 'See what it does' }));
  await page.getByText('Nothing is given: 1 was given before and stays as it is.').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Give to/ }).count(), 0);
}

/** Side by side with a colleague: what only the colleague has is ticked, but for what is of high risk. */
export async function colleague(hands, { ana, ben }) {
  const { window: { page }, window } = hands;
  await window.goto(`/people/${ana}/access`);
  await hands.follow(page.getByRole('link', { name: 'Same as a colleague…' }));
  assert.equal(path(window), `/people/${ana}/compare`);
  await window.goto(`/people/${ana}/compare?with=${ben}`);
  assert.equal(await page.getByLabel('Give Post to the ledger').isChecked(), true);
  assert.equal(await page.getByLabel('Give Close the ledger').isChecked(), false);
  await page.getByText('High risk: tick it if it is needed.').waitFor();
  await assertNoOverflow(window, 'two people side by side');
  await hands.follow(page.getByRole('button', { name: 'Give the ticked ones to Ana Silva' }));
  await assertHeading(window, 'Give Ana Silva what Ben Ode has');
  await page.getByText('What is ticked: Post to the ledger.').waitFor();
  await page.getByText('1 person gains; 1 grant in 1 application. 1 assignment begins.').waitFor();
  const wrong = await hands.follow(page.getByRole('button', { name: 'Give to Ana Silva' }));
  assert.equal(wrong.status(), 422);
  await assertFieldError(page.getByLabel('Reason'), /missing/);
  await hands.fill(page.getByLabel('Reason'), 'Takes over from Ben.');
  await hands.follow(page.getByRole('button', { name: 'Give to Ana Silva' }));
  assert.equal(path(window), `/people/${ana}/access`);
  await assertFlash(window, 'Given.');
  await page.getByRole('row').filter({ hasText: 'Post to the ledger' }).getByText('Direct').first().waitFor();
  assert.equal(await page.getByText('Close the ledger').count(), 0);
}
