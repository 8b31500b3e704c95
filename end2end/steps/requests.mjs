// Asking, deciding and what comes of it, walked through: two things for 30 days, one rejected, one given until its end.

import assert from 'node:assert/strict';

import { path } from '../harness/page.mjs';
import { account, done } from './company.mjs';
import { assertFlash, assertHeading, visit } from './places.mjs';

/** A day of the clock. */
export const DAY = 86_400;
const WHY = 'The audit in May';
const NOT = 'Reading is enough for an audit.';

/** An application whose owner is Olga, and Ana, who reports to Bo. All can sign in. */
export async function company(server, admin, things = ['Post invoices', 'Read the ledger']) {
  const olga = await account(server, admin, { username: 'olga.berg', display_name: 'Olga Berg' });
  const bo = await account(server, admin, { username: 'bo.lind', display_name: 'Bo Lind', department: 'Finance' });
  const ana = await account(server, admin, { username: 'ana.silva', display_name: 'Ana Silva', department: 'Finance', manager: 'bo.lind' });
  await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger', owner: 'olga.berg' });
  const ids = [];
  for (const [at, name] of things.entries()) {
    const where = await done(admin, '/entitlements/new', {
      application: 'ledger', kind: 'permission', name: `thing-${at + 1}`, display_name: name, requestable: 'on', risk: 'low',
      description: `Lets people do this: ${name.toLowerCase()}.`,
    });
    ids.push(where.split('/').at(-1));
  }
  return { ana, bo, olga, ids };
}

/** Asks for these in one request over HTTP and answers its path. */
export async function ask(client, who, ids) {
  for (const add of ids) await done(client, '/request/cart', { add, back: '/request' });
  const lines = ids.flatMap((id, at) => [['what', id], [`${who}-days-${at}`, '30']]);
  return done(client, '/request/cart', [['for', who], [`${who}-reason`, WHY], ...lines, ['send', 'yes']]);
}

/** The employee finds both in the catalogue and asks for them for 30 days. Answers the path of the request. */
export async function asks(hands) {
  const { window, window: { page } } = hands;
  const main = page.getByRole('main');
  await window.goto('/');
  await visit(hands, 'Request');
  await assertHeading(window, 'Request access');
  for (const name of ['Post invoices', 'Read the ledger']) {
    await hands.fill(main.getByRole('searchbox'), name.toLowerCase());
    await main.getByRole('searchbox').focus();
    await hands.enter();
    await hands.follow(main.getByRole('button', { name: `Add ${name} to the cart` }));
    await assertFlash(window, 'It is in your cart.');
  }
  await hands.follow(main.getByRole('link', { name: /^Cart/ }));
  for (const name of ['Post invoices', 'Read the ledger']) await hands.fill(main.getByLabel(`Days of ${name}`), '30');
  await hands.fill(main.getByLabel('Reason for all'), WHY);
  await hands.follow(main.getByRole('button', { name: 'Send 2 in one request' }));
  assert.match(path(window), /^\/requests\/req_/);
  assert.equal(await main.getByText('Waits for Bo Lind', { exact: true }).count(), 2);
  return path(window);
}

/** The button of what is open; without scripts there is another one for what is ticked. */
const approve = (main) => main.getByRole('group', { name: 'Decide' }).getByRole('button', { name: /^Approve/ }).first();

/** The manager approves one and rejects the other. */
export async function decides(hands) {
  const { window, window: { page } } = hands;
  const main = page.getByRole('main');
  await window.goto('/');
  await hands.follow(page.getByRole('link', { name: 'Inbox' }).filter({ visible: true }).first());
  await assertHeading(window, 'Inbox');
  await main.getByText('2 things wait for you').waitFor();
  await hands.follow(main.getByRole('list', { name: 'What waits for you' }).getByRole('link', { name: /Post invoices/ }));
  await main.getByText(WHY).first().waitFor();
  await hands.follow(approve(main));
  await assertFlash(window, 'Approved. It waits for somebody else now.');
  // The next thing is open.
  const reject = main.locator('details', { hasText: 'Why not' });
  await main.getByRole('heading', { name: /Read the ledger/ }).waitFor();
  await hands.press(reject.locator('summary'));
  await hands.fill(reject.getByLabel('Why not'), NOT);
  await hands.follow(reject.getByRole('button', { name: 'Reject' }));
  await assertFlash(window, 'Rejected. Who asked for it is told.');
  await assertHeading(window, 'Inbox');
  await main.getByText('Nothing waits for you').first().waitFor();
}

/** The owner of the application approves what is left. */
export async function agrees(hands) {
  const { window, window: { page } } = hands;
  const main = page.getByRole('main');
  await window.goto('/inbox');
  await main.getByText('One thing waits for you').waitFor();
  await hands.follow(approve(main));
  await assertFlash(window, 'Approved. The access is given.');
}

/** The access is there, with its reason; and its holder was told of everything. */
export async function has(hands) {
  const { window, window: { page } } = hands;
  const main = page.getByRole('main');
  await window.goto('/me');
  await main.getByRole('heading', { level: 3, name: 'Post invoices' }).waitFor();
  await main.getByText(new RegExp(`^Approved on .*: “${WHY}”\\.`)).waitFor();
  assert.equal(await main.getByRole('heading', { level: 3, name: 'Read the ledger' }).count(), 0, 'what was rejected is not there');
  const bell = page.getByRole('banner').getByRole('link', { name: /notification/i }).first();
  assert.match(await bell.getAttribute('aria-label') ?? await bell.innerText(), /\d/, 'the bell counts what is new');
  await window.goto('/notifications');
  await main.getByText(/Post invoices/).first().waitFor();
  await main.getByText(/Read the ledger/).first().waitFor();
}

/** After the end the access is gone. */
export async function hasNot(hands) {
  const { window, window: { page } } = hands;
  await window.goto('/me');
  await page.getByRole('main').getByText('No access yet').waitFor();
}

/** The page of the request and the log tell all of it. */
export async function story(hands, request) {
  const { window, window: { page } } = hands;
  const main = page.getByRole('main');
  await window.goto(request);
  const told = await main.innerText();
  for (const sentence of [
    'Ana Silva asked for it, for 30 days', WHY, 'It waits for Bo Lind in step 1', 'Bo Lind approved it in step 1', 'It waits for Olga Berg in step 2',
    'Olga Berg approved it in step 2', 'The access was given', 'Bo Lind rejected it in step 1', NOT,
  ]) assert.ok(told.includes(sentence), `the request tells “${sentence}”:\n${told}`);
}

/** The log has every step with who did it, and the end of the access. */
export async function logged(hands, request, person) {
  const { window, window: { page } } = hands;
  const looks = async (query, entries) => {
    await window.goto(`/audit?q=${query}`);
    for (const [who, what] of entries) await page.getByRole('row').filter({ hasText: who }).filter({ hasText: what }).first().waitFor();
  };
  await looks(request.split('/').at(-1), [
    ['Ana Silva', /Asked for access for/], ['Bo Lind', /Approved/], ['Bo Lind', /Rejected/], ['Olga Berg', /Approved/], ['Olga Berg', /Gave access to/],
  ]);
  await looks(person, [['Bailiwick', /Ended access of.*Post invoices/]]);
}
