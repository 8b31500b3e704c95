// Watching a campaign and what time does to it: from a number to its items, one of them to somebody else, reminders, and a close
// that nobody asked for. Each screen as axe-core sees it.

import assert from 'node:assert/strict';

import { asAtFirst, assertAccessible, rules } from '../harness/axe.mjs';
import { follow } from '../harness/page.mjs';
import { clocked } from '../harness/stage.mjs';
import { ADMIN, done, signIn, welcome } from '../steps/company.mjs';
import { DAY, company } from '../steps/requests.mjs';

/** Ana has three things; Bo, her manager, is to decide on them. */
const watched = clocked(async (server) => {
  const admin = await welcome(server);
  const { ana, bo, ids } = await company(server, admin, ['Post invoices', 'Read the ledger', 'Close the year']);
  for (const what of ids) await done(admin, `/people/${ana.id}/give`, { what, reason: 'For the close' });
  const id = await server.review(ADMIN.username, 'Autumn');
  return { admin, bo, id, init: await rules() };
});

/** Axe looks, and then the window is as it was. */
async function look(window, where) {
  await assertAccessible(window, where);
  await asAtFirst(window);
}

/** Loads the page of the campaign until reviewers decide. */
async function opened(window, id) {
  for (const until = Date.now() + 20_000; Date.now() < until;) {
    await window.goto(`/reviews/${id}`);
    if (await window.page.getByText('Reviewers decide').count() > 0) return;
  }
  assert.fail('the campaign does not open');
}

watched('from a number to its items, to somebody else, and to a close that nobody asked for', 'sqlite', async ({ server, admin, bo, id, init, open }) => {
  const window = await open({ as: admin, init });
  const { page } = window;
  const main = page.getByRole('main');
  await opened(window, id);
  await look(window, 'a campaign that is open');
  await follow(window, () => main.getByRole('row', { name: /Bo Lind/ }).getByRole('link', { name: '3', exact: true }).click());
  await main.getByText('Those of Bo Lind').waitFor();
  assert.equal(await main.getByRole('row', { name: /Ana Silva/ }).count(), 3);
  await look(window, 'the items of a reviewer');
  await follow(window, () => main.getByRole('row', { name: /Close the year/ }).getByRole('link', { name: /^Reassign/ }).click());
  await main.getByRole('textbox', { name: /^To/ }).fill('olga.berg');
  await main.getByRole('textbox', { name: /^Reason/ }).fill('She closes the year with them');
  await follow(window, () => main.getByRole('button', { name: 'Reassign them' }).click());
  await follow(window, () => main.getByRole('row', { name: /Olga Berg/ }).getByRole('link', { name: '1', exact: true }).click());
  assert.equal(await main.getByRole('row', { name: /Close the year/ }).count(), 1);
  await follow(window, () => main.getByRole('link', { name: 'Revoked', exact: true }).click());
  await main.getByText('No item is here').waitFor();
  await look(window, 'no items');

  // Bo is reminded four days before the end, once.
  await server.advance(11 * DAY);
  await server.advance(60);
  // Sessions have ended meanwhile.
  const his = await open({ as: await signIn(server, bo), init });
  await his.goto('/notifications');
  assert.equal(await his.page.getByRole('main').getByText('Autumn: 2 items wait for you').count(), 1);

  // Nobody decides, and nobody closes it.
  await server.advance(5 * DAY);
  const later = await open({ as: await signIn(server, ADMIN), init });
  const told = later.page.getByRole('main');
  await later.goto(`/reviews/${id}`);
  await told.getByText('Closed', { exact: true }).first().waitFor();
  await look(later, 'a campaign that closed by itself');
  await later.goto('/notifications');
  await told.getByText('Autumn is closed: nobody decided 3 items in time').waitFor();
});
