// Asking for access, walked through: found, put into the cart, given 30 days, sent once, and seen on its way.

import assert from 'node:assert/strict';

import { path } from '../harness/page.mjs';
import { account, addPerson, done } from './company.mjs';
import { assertFlash, assertHeading, visit } from './places.mjs';

/** An application with an owner and things to ask for, and a team: Ana and Ben report to Bo. */
export async function company(server, admin) {
  const olga = await addPerson(admin, { username: 'olga.berg', display_name: 'Olga Berg' });
  const bo = await account(server, admin, { username: 'bo.lind', display_name: 'Bo Lind', department: 'Finance', title: 'Head of Finance' });
  const team = { department: 'Finance', title: 'Clerk', manager: 'bo.lind' };
  const ana = await account(server, admin, { username: 'ana.silva', display_name: 'Ana Silva', ...team });
  const ben = await addPerson(admin, { username: 'ben.ode', display_name: 'Ben Ode', ...team });
  const cy = await addPerson(admin, { username: 'cy.tran', display_name: 'Cy Tran', ...team });
  await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger', owner: 'olga.berg', description: 'Where the books are kept.' });
  const things = [
    { name: 'post', display_name: 'Post invoices', description: 'Records invoices of suppliers in the books.', requestable: 'on', risk: 'low' },
    { name: 'read', display_name: 'Read the ledger', description: 'Shows every booking.', requestable: 'on', risk: 'low' },
    { name: 'pay', display_name: 'Approve payments', description: 'Lets money leave the house.', requestable: 'on', risk: 'critical' },
    { name: 'close', display_name: 'Close the year', description: 'Nobody asks for this.' },
  ];
  const ids = {};
  for (const thing of things) {
    const where = await done(admin, '/entitlements/new', { application: 'ledger', kind: 'permission', ...thing });
    ids[thing.name] = where.split('/').at(-1);
  }
  for (const who of [ben, cy]) {
    for (const what of ['ledger/read', 'ledger/pay']) await done(admin, `/people/${who}/give`, { what, reason: 'Part of the job.' });
  }
  await done(admin, `/people/${ana.id}/give`, { what: 'ledger/close', reason: 'The close of the quarter', until: '2030-12-31' });
  return { ana, ben, bo, cy, ids, olga };
}

/** Everything, in order. */
export async function catalogue(hands, { ids }) {
  const { window, window: { page } } = hands;
  await window.goto('/');
  assert.equal(path(window), '/me', 'home of an employee');
  await assertHeading(window, 'My access');
  await page.getByText('You have 1 thing in 1 application.').waitFor();
  await page.getByText(/Given by Ada Lund on .*: “The close of the quarter”/).waitFor();
  await visit(hands, 'Request');
  await assertHeading(window, 'Request access');
  const main = page.getByRole('main');
  // What the team has comes first; what nobody may ask for is nowhere.
  await main.getByText('2 of 2 in your team have it').first().waitFor();
  assert.equal(await main.getByText('Close the year').count(), 0);
  await find(hands, 'ledger invoces');
  await hands.follow(main.getByRole('link', { name: 'Did you mean “ledger invoices”?' }));
  await hands.follow(main.getByRole('button', { name: 'Add Post invoices to the cart' }));
  await assertFlash(window, 'It is in your cart.');
  await main.getByRole('link', { name: 'In your cart' }).waitFor();
  await find(hands, 'read');
  await hands.follow(main.getByRole('link', { name: 'Read the ledger' }));
  assert.equal(path(window), `/request/${ids.read}`);
  await main.getByText('Shows every booking.').waitFor();
  await main.getByText('2 of 2 in your team').waitFor();
  await main.getByText('Bo Lind', { exact: true }).waitFor();
  await hands.follow(main.getByRole('button', { name: 'Add Read the ledger to the cart' }));
  await hands.follow(main.getByRole('link', { name: /^Cart/ }));
  await send(hands);
}

async function find(hands, words) {
  const { page } = hands.window;
  await hands.fill(page.getByRole('main').getByRole('searchbox'), words);
  await page.getByRole('main').getByRole('searchbox').focus();
  await hands.enter();
}

/** Both for 30 days; what is wrong stands at its line. */
async function send(hands) {
  const { window, window: { page } } = hands;
  const main = page.getByRole('main');
  await assertHeading(window, 'Cart');
  const send = main.getByRole('button', { name: 'Send 2 in one request' });
  await hands.fill(main.getByLabel('Days of Post invoices'), '9999');
  await hands.fill(main.getByLabel('Days of Read the ledger'), '30');
  await hands.fill(main.getByLabel('Reason for all'), 'The audit in May');
  assert.equal((await hands.follow(send)).status(), 422);
  await main.getByText('“9999” is no number of days').first().waitFor();
  assert.equal(await main.getByLabel('Reason for all').inputValue(), 'The audit in May', 'what was typed is there');
  await hands.fill(main.getByLabel('Days of Post invoices'), '30');
  await hands.follow(send);
  assert.match(path(window), /^\/requests\/req_/);
  const request = path(window);
  await window.goto('/request/cart');
  await main.getByText('Your cart is empty').waitFor();
  await visit(hands, 'My access');
  const asked = main.getByRole('list', { name: 'How far Post invoices is' });
  await asked.getByText('Bo Lind').waitFor();
  assert.equal(await asked.getByRole('listitem').count(), 4, 'sent, manager, owner, ready');
  assert.equal(new URL(await main.getByRole('link', { name: 'Post invoices', exact: true }).getAttribute('href'), page.url()).pathname, request);
}

/** What a colleague has, without what is risky. */
export async function colleague(hands) {
  const { window, window: { page } } = hands;
  const main = page.getByRole('main');
  await window.goto('/request');
  await hands.follow(main.getByRole('link', { name: 'Same as a colleague' }));
  await hands.select(main.getByLabel('Colleague', { exact: true }), 'Ben Ode');
  await hands.follow(main.getByRole('button', { name: 'Compare' }));
  await main.getByText('What Ben Ode has and you do not.').waitFor();
  const pay = main.getByRole('checkbox', { name: 'Approve payments' });
  assert.equal(await pay.isChecked(), false, 'what is of critical risk is not ticked');
  await main.getByText(/Asked for/).first().waitFor();
  await hands.press(pay);
  await hands.follow(main.getByRole('button', { name: 'Add the ticked ones to the cart' }));
  await assertHeading(window, 'Cart');
  await hands.follow(main.getByRole('button', { name: 'Remove Approve payments' }));
  await main.getByText('Your cart is empty').waitFor();
}

/** What is given back is gone, after saying what is lost. */
export async function giveBack(hands) {
  const { window, window: { page } } = hands;
  const main = page.getByRole('main');
  await window.goto('/me');
  await hands.follow(main.getByRole('link', { name: 'Give back Close the year' }));
  await assertHeading(window, 'Give back Close the year?');
  await main.getByText('Close the year in Ledger').waitFor();
  await hands.fill(main.getByLabel('Reason'), 'The quarter is closed.');
  await hands.follow(main.getByRole('button', { name: 'Give back' }));
  await assertFlash(window, 'Given back.');
  await main.getByText('No access yet').waitFor();
}
