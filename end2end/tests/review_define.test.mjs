// Defining a review from a usual one, with scripts off; something smaller in place of what somebody has; and a review of one
// person.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { follow } from '../harness/page.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { ADMIN, done, welcome } from '../steps/company.mjs';
import { company } from '../steps/requests.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Ana may post and approve, which is risky; viewing is less of that. */
function company_of(name, engine, body) {
  test(name, async () => {
    const server = await Server.createClocked(engine);
    try {
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
      await windows({ browser, server }, name, ({ open }) => body({ server, admin, ana, bo, open }));
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}

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
  const press = (name) => follow(window, () => main.getByRole('button', { name, exact: true }).click());
  await window.goto('/reviews/new');
  await follow(window, () => main.getByRole('link', { name: /^Privileged access, every quarter/ }).click());
  assert.equal(await main.getByLabel('Name', { exact: true }).inputValue(), 'Privileged access, every quarter');
  assert.equal(await main.getByLabel('From this risk on').inputValue(), 'high');
  await main.getByText('Managers decide on access, of high risk or more, within 20 days.').waitFor();
  await press('Preview');
  await main.getByText('1 to decide by 1 reviewers', { exact: false }).waitFor();
  // What was typed stays, and what cannot be searched for is said at its field.
  await main.getByLabel('Whose', { exact: true }).fill('departement:Finance');
  await press('Save');
  await main.getByText('“departement” cannot be searched for here.', { exact: false }).first().waitFor();
  await main.getByLabel('Whose', { exact: true }).fill('department:Finance');
  await press('Save');
  await page.getByRole('heading', { name: 'Privileged access, every quarter' }).waitFor();
  // A saved view fills the search.
  await done(admin, '/views/new', { list: 'people', query: 'q=department%3AFinance', name: 'Finance people' });
  await window.goto('/reviews/new');
  await main.getByLabel('Whose, from a saved view').selectOption({ label: 'Finance people' });
  await press('Take the search over');
  assert.equal(await main.getByLabel('Whose', { exact: true }).inputValue(), 'department:Finance');
  await main.getByText('what the view “Finance people” says now', { exact: false }).waitFor();
  await window.goto('/reviews/new?template=accounts');
  await main.getByText('Owners decide on accounts that belong to nobody or to a program within 21 days.').waitFor();
  await press('Preview');
  await main.getByText('Nothing would be reviewed').waitFor();
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
  await follow(window, () => page.getByRole('button', { name: 'Stage the change' }).click());
  await page.getByRole('radio', { name: /View payments/ }).check();
  await follow(window, () => page.getByRole('button', { name: 'Stage the change' }).click());
  assert.equal(await row.getAttribute('data-state'), 'change');
  await row.getByText('Change: View payments instead').waitFor();
  const other = page.locator('[data-row]').filter({ hasText: 'Post invoices' });
  await other.locator('summary').first().click();
  await follow(window, () => other.getByRole('link', { name: 'Something smaller is enough…' }).click());
  await page.getByText('Nothing smaller is known').waitFor();
});

company_of('everything that one person has is reviewed on its own', 'sqlite', async ({ admin, ana, bo, open }) => {
  const window = await open({ as: admin });
  const { page } = window;
  await window.goto(`/people/${ana.id}/reviews`);
  await page.getByText('Never reviewed').waitFor();
  await window.goto(`/people/${ana.id}/review`);
  await page.getByLabel('Reason').fill('She works on something else now.');
  await follow(window, () => page.getByRole('button', { name: 'Begin the review' }).click());
  const manager = await open({ as: bo.client });
  await manager.goto(await waiting(manager));
  assert.equal(await manager.page.locator('[data-row]').count(), 2);
  await window.goto(`/people/${ana.id}/reviews`);
  assert.equal(await page.getByText('waits for a decision').count(), 2);
});
