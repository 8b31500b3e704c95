// Defining a review from a usual one, with scripts off; something smaller in place of what somebody has; and a review of one
// person.

import assert from 'node:assert/strict';

import { asAtFirst, assertAccessible, rules } from '../harness/axe.mjs';
import { follow } from '../harness/page.mjs';
import { clocked } from '../harness/stage.mjs';
import { ADMIN, done, welcome } from '../steps/company.mjs';
import { company } from '../steps/requests.mjs';

/** Axe looks, and then the window is as it was. */
async function look(window, where) {
  await assertAccessible(window, where);
  await asAtFirst(window);
}

/** Ana may post and approve, which is risky; viewing is less of that. */
const company_of = clocked(async (server) => {
  const admin = await welcome(server);
  const { ana, bo, ids } = await company(server, admin, ['Post invoices']);
  for (const [thing, risk] of [['Approve payments', 'high'], ['View payments', 'low']]) {
    const where = await done(admin, '/entitlements/new', {
      application: 'ledger', kind: 'permission', name: thing.toLowerCase().replace(' ', '-'), display_name: thing, risk,
      description: `Lets people do this: ${thing.toLowerCase()}.`,
    });
    ids.push(where.split('/').at(-1));
  }
  for (const what of ids.slice(0, 2)) await done(admin, `/people/${ana.id}/give`, { what, reason: 'For the close' });
  return { admin, ana, bo, init: await rules() };
});

/** The page of a review that waits for somebody, once its population is frozen. */
async function waiting(window) {
  const link = window.page.getByRole('list', { name: 'Reviews that wait for you' }).getByRole('link');
  for (const until = Date.now() + 20_000; Date.now() < until;) {
    await window.goto('/inbox');
    if (await link.count() > 0) return link.getAttribute('href');
  }
  return assert.fail('no review waits');
}

company_of('a usual review fills the form, says what it will do, and is saved', 'postgres', async ({ admin, open }) => {
  const window = await open({ scripts: false, as: admin });
  const { page } = window;
  const main = page.getByRole('main');
  const press = (name) => follow(window, () => main.getByRole('button', { name, exact: true }).last().click());
  await window.goto('/reviews/new');
  await follow(window, () => main.getByRole('link', { name: /^Privileged access, every quarter/ }).click());
  assert.equal(await main.getByLabel('Name', { exact: true }).inputValue(), 'Privileged access, every quarter');
  assert.equal(await main.getByLabel('From this risk on').inputValue(), 'high');
  await main.getByText('Managers decide on access, of high risk or more, within 20 days.').waitFor();
  await press('Preview');
  await main.getByText('1 to decide by one reviewer', { exact: false }).waitFor();
  // What was typed stays, and what cannot be searched for is said at its field.
  await main.getByLabel(/^Whose(?!,)/).fill('departement:Finance');
  await press('Save');
  await main.getByText('“departement” cannot be searched for here.', { exact: false }).first().waitFor();
  await main.getByLabel(/^Whose(?!,)/).fill('department:Finance');
  await press('Save');
  await page.getByRole('heading', { name: 'Privileged access, every quarter' }).waitFor();
  // A saved view fills the search.
  await done(admin, '/views/new', { list: 'people', query: 'q=department%3AFinance', name: 'Finance people' });
  await window.goto('/reviews/new');
  await main.getByLabel('Whose, from a saved view').selectOption({ label: 'Finance people' });
  await press('Take the search over');
  assert.equal(await main.getByLabel(/^Whose(?!,)/).inputValue(), 'department:Finance');
  await main.getByText('what the view “Finance people” says now', { exact: false }).waitFor();
  await window.goto('/reviews/new?template=accounts');
  await main.getByText('Owners decide on accounts that belong to nobody or to a program within 21 days.').waitFor();
  await press('Preview');
  await main.getByText('Nothing would be reviewed').waitFor();
});

company_of('wrong input is said at its field, Enter saves, and a review is changed and ended', 'sqlite', async ({ admin, init, open }) => {
  const window = await open({ as: admin, init });
  const { page } = window;
  const main = page.getByRole('main');
  const press = (name) => follow(window, () => main.getByRole('button', { name, exact: true }).last().click());
  await done(admin, '/views/new', { list: 'people', query: 'q=department%3AFinance', name: 'Finance people' });
  await window.goto('/reviews/new?template=privileged');
  await look(window, 'a new review');
  const second = main.getByRole('group', { name: 'Stage 2' });
  await second.getByLabel('Within days').fill('400');
  await second.getByLabel('Who decides').selectOption('people');
  await second.getByLabel('Named people, or the role').first().fill('nobody.known');
  await main.getByLabel('Name', { exact: true }).fill('Risky access');
  await press('Save');
  // The summary leads to the field of the second stage, and everything that was typed is there.
  await main.getByRole('alert').getByRole('link', { name: /nobody\.known/ }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-who-2');
  await look(window, 'a review with wrong input');
  await second.getByLabel('Named people, or the role').first().fill('bo.lind');
  await press('Save');
  await main.getByRole('alert').getByRole('link', { name: /1 to 366 days/ }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-stage_days-2');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('5');
  await press('Preview');
  await main.getByRole('region', { name: 'What it would do' }).waitFor();
  assert.equal(new URL(page.url()).hash, '#preview');
  await look(window, 'what a review would do');
  // Enter in a field saves; the button of the saved views comes first, and is not meant.
  await main.getByLabel('Name', { exact: true }).focus();
  await follow(window, () => page.keyboard.press('Enter'));
  await main.getByRole('heading', { level: 1, name: 'Risky access' }).waitFor();
  const first = page.url();
  // A second one of that name is refused; the first stays.
  await window.goto('/reviews/new');
  await main.getByLabel('Name', { exact: true }).fill('risky access');
  await press('Save');
  await main.getByRole('alert').getByText('Another review has this name', { exact: false }).waitFor();
  await window.goto(first);
  await main.getByText('within 15 days', { exact: false }).waitFor();
  // Two people change it: the second one sees what the first one recorded.
  await follow(window, () => main.getByRole('link', { name: 'Edit' }).click());
  assert.equal(await second.getByLabel('Named people, or the role').first().inputValue(), 'bo.lind');
  const path = new URL(page.url()).pathname;
  const other = await open({ as: admin });
  await other.goto(path);
  await other.page.getByRole('main').getByLabel('Name', { exact: true }).fill('Risky access, faster');
  await follow(other, () => other.page.getByRole('button', { name: 'Save' }).last().click());
  await main.getByLabel('Name', { exact: true }).fill('Risky access, slower');
  await press('Save');
  await main.getByText('Somebody else changed this since you opened it').waitFor();
  assert.equal(await main.getByLabel('Name', { exact: true }).inputValue(), 'Risky access, slower');
  await look(window, 'somebody was faster');
  await press('Save');
  await main.getByRole('heading', { level: 1, name: 'Risky access, slower' }).waitFor();
  await follow(window, () => main.getByRole('link', { name: 'End', exact: true }).click());
  await look(window, 'ending a review');
  await press('End review');
  await page.getByText('The review has ended').waitFor();
  assert.equal(await main.getByText('Risky access').count(), 0);
});

company_of('something smaller takes the place of what somebody has', 'sqlite', async ({ server, bo, open }) => {
  await server.review(ADMIN.username, 'Autumn');
  const window = await open({ scripts: false, width: 390, as: bo.client });
  const { page } = window;
  await window.goto(await waiting(window));
  const row = page.locator('[data-row]').filter({ hasText: 'Approve payments' });
  await row.getByText('More ways to decide').or(row.locator('summary')).first().click();
  await follow(window, () => row.getByRole('link', { name: 'Something smaller is enough…' }).click());
  await page.getByRole('heading', { name: 'What is enough for Ana Silva?' }).waitFor();
  // A last day alone is no answer to what is enough, and is not lost.
  await page.getByLabel('Until').fill('2026-12-31');
  await follow(window, () => page.getByRole('button', { name: 'Stage the change' }).click());
  await page.getByRole('alert').getByText('Choose what is enough').waitFor();
  assert.equal(await page.getByLabel('Until').inputValue(), '2026-12-31');
  await page.getByLabel('Until').fill('');
  await page.getByRole('radio', { name: /View payments/ }).check();
  await follow(window, () => page.getByRole('button', { name: 'Stage the change' }).click());
  assert.equal(await row.getAttribute('data-state'), 'change');
  await row.getByText('Change: View payments instead').waitFor();
  const other = page.locator('[data-row]').filter({ hasText: 'Post invoices' });
  await other.locator('summary').first().click();
  await follow(window, () => other.getByRole('link', { name: 'Something smaller is enough…' }).click());
  await page.getByText('Nothing smaller is known').waitFor();
});

company_of('Enter in a field of an item means what stands beside it', 'sqlite', async ({ server, bo, open }) => {
  await server.review(ADMIN.username, 'Autumn');
  const window = await open({ as: bo.client });
  const { page } = window;
  await window.goto(await waiting(window));
  const row = page.locator('[data-row]').first();
  await row.focus();
  await page.keyboard.press('c');
  await page.keyboard.type('12312099');
  await page.keyboard.press('Enter');
  await row.getByText('Change: kept until 31 Dec 2099').waitFor();
  assert.equal(await row.getAttribute('data-state'), 'change');
});

company_of('everything that one person has is reviewed on its own', 'sqlite', async ({ admin, ana, bo, init, open }) => {
  const window = await open({ as: admin, init });
  const { page } = window;
  await window.goto(`/people/${ana.id}/reviews`);
  await page.getByText('Never reviewed').waitFor();
  await look(window, 'a person who was never reviewed');
  await window.goto(`/people/${ana.id}/review`);
  await look(window, 'reviewing one person');
  await page.getByLabel('Reason').fill('She works on something else now.');
  await follow(window, () => page.getByRole('button', { name: 'Begin the review' }).click());
  const manager = await open({ as: bo.client });
  await manager.goto(await waiting(manager));
  assert.equal(await manager.page.locator('[data-row]').count(), 2);
  await window.goto(`/people/${ana.id}/reviews`);
  assert.equal(await page.getByText('waits for a decision').count(), 2);
  await look(window, 'the reviews of a person');
  await window.goto('/reviews');
  await look(window, 'reviews');
});
