// The first walk, from an empty console to the proof in the log. Hands say how it is made: by pointer or by keyboard.

import assert from 'node:assert/strict';

import { path } from '../harness/page.mjs';
import { ADMIN, ORGANISATION, account as makeAccount, editPerson, signIn as signInClient } from './company.mjs';
import { account, assertFieldError, assertFlash, assertHeading, assertSummary, more, signIn, visit } from './places.mjs';

/** Everything, in order. */
export async function walk(hands, server) {
  await setUp(hands);
  await enter(hands);
  const id = await addSomebody(hands);
  await conflict(hands, server, id);
  await end(hands);
  await readTimeline(hands);
  await readAudit(hands);
  await leave(hands);
}

/** The empty console asks for its first administrator, once. */
export async function setUp(hands) {
  const { window, window: { page } } = hands;
  await window.goto('/');
  assert.equal(path(window), '/welcome');
  await assertHeading(window, 'Welcome to Bailiwick');
  await hands.fill(page.getByLabel('Name', { exact: true }), ORGANISATION);
  await hands.fill(page.getByLabel('Your name'), ADMIN.name);
  await hands.fill(page.getByLabel('Username'), ADMIN.username);
  await hands.fill(page.getByLabel('E-mail'), ADMIN.email);
  await hands.fill(page.getByLabel('Password', { exact: true }), ADMIN.password);
  await hands.fill(page.getByLabel('The same again'), ADMIN.password);
  await hands.follow(page.getByRole('button', { name: 'Set up' }));
  assert.match(path(window), /^\/sign-in/);
  await assertFlash(window, 'Your console is ready.');
}

/** Signing in leads to the overview, which is an administrator's home; from there to the people. */
export async function enter(hands) {
  const { window } = hands;
  await signIn(hands, ADMIN);
  assert.equal(path(window), '/overview');
  await assertHeading(window, 'Overview');
  await visit(hands, 'People');
  await assertHeading(window, 'People');
}

/** A form with mistakes comes back with what was typed, and is accepted once they are put right. */
export async function addSomebody(hands) {
  const { window, window: { page } } = hands;
  await hands.follow(page.getByRole('link', { name: 'Add person' }));
  await hands.fill(page.getByLabel('Name', { exact: true }), 'Noa Berg');
  await hands.fill(page.getByLabel('Username'), 'noa berg');
  await hands.fill(page.getByLabel('E-mail'), 'nowhere');
  await hands.fill(page.getByLabel('Department'), 'Finance');
  const answer = await hands.follow(page.getByRole('button', { name: 'Add person' }));
  assert.equal(answer.status(), 422);
  await assertSummary(window, [/must not contain spaces/, /not an e-mail address/]);
  await assertFieldError(page.getByLabel('Username'), /must not contain spaces/);
  await assertFieldError(page.getByLabel('E-mail'), /not an e-mail address/);
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Noa Berg');
  assert.equal(await page.getByLabel('Username').inputValue(), 'noa berg');
  assert.equal(await page.getByLabel('E-mail').inputValue(), 'nowhere');
  assert.equal(await page.getByLabel('Department').inputValue(), 'Finance');
  await hands.press(page.getByRole('alert').getByRole('link', { name: /must not contain spaces/ }));
  assert.equal(await page.getByLabel('Username').evaluate((field) => field === document.activeElement), true, 'the summary leads to the field');
  await hands.fill(page.getByLabel('Username'), 'noa.berg');
  await hands.fill(page.getByLabel('E-mail'), 'noa@example.com');
  await hands.follow(page.getByRole('button', { name: 'Add person' }));
  assert.match(path(window), /^\/people\/idn_\w+$/);
  await assertHeading(window, 'Noa Berg');
  await assertFlash(window, 'Added.');
  return path(window).split('/').at(-1);
}

/** Somebody else is faster: nothing is overwritten, both values are shown, and saving again is a decision. */
export async function conflict(hands, server, id) {
  const { window, window: { page } } = hands;
  const admin = await signInClient(server, ADMIN);
  const second = await makeAccount(server, admin, { username: 'bo.lind', display_name: 'Bo Lind', rights: ['manage_identities'] });
  await hands.follow(page.getByRole('link', { name: 'Edit', exact: true }));
  assert.equal((await editPerson(second.client, id, { department: 'Treasury' })).status, 303);
  await hands.fill(page.getByLabel('Department'), 'Controlling');
  await hands.fill(page.getByLabel('Title'), 'Analyst');
  const answer = await hands.follow(page.getByRole('button', { name: 'Save changes' }));
  assert.equal(answer.status(), 409);
  assert.match(await page.title(), /^Error: /);
  await page.getByText('Somebody else changed this since you opened it').waitFor();
  const row = page.getByRole('table', { name: /What is recorded now/ }).getByRole('row', { name: /Department/ });
  await row.getByText('Treasury').waitFor();
  await row.getByText('Controlling').waitFor();
  assert.equal(await page.getByLabel('Department').inputValue(), 'Controlling');
  assert.equal(await page.getByLabel('Title').inputValue(), 'Analyst');
  await hands.follow(page.getByRole('button', { name: 'Save changes' }));
  assert.equal(path(window), `/people/${id}`);
  await assertFlash(window, 'Changes saved.');
}

/** Ending asks for a reason and says what it means. */
export async function end(hands) {
  const { window, window: { page } } = hands;
  await more(hands, 'Noa Berg', 'End…');
  await assertHeading(window, 'End Noa Berg?');
  const answer = await hands.follow(page.getByRole('button', { name: 'End Noa Berg' }));
  assert.equal(answer.status(), 422);
  await assertFieldError(page.getByLabel('Reason'), /reason/i);
  await hands.fill(page.getByLabel('Reason'), 'Left for another harbour.');
  await hands.follow(page.getByRole('button', { name: 'End Noa Berg' }));
  await assertFlash(window, 'Ended.');
  await page.getByRole('main').getByText('Ended', { exact: true }).first().waitFor();
}

/** The timeline has every change, with before and after. */
export async function readTimeline(hands) {
  const { window: { page } } = hands;
  await hands.follow(page.getByRole('main').getByRole('link', { name: 'Timeline', exact: true }));
  const events = page.getByRole('list', { name: 'Timeline' });
  await events.getByText('Left for another harbour.').waitFor();
  const treasury = page.getByRole('table').filter({ hasText: 'Treasury' });
  await treasury.filter({ hasText: 'Controlling' }).getByRole('row', { name: /Department/ }).waitFor();
  await treasury.filter({ hasText: 'Finance' }).getByRole('row', { name: /Department/ }).waitFor();
  await events.getByText('Bo Lind').first().waitFor();
}

/** So has the log: found by its search, opened, with before and after and its proof. */
export async function readAudit(hands) {
  const { window, window: { page } } = hands;
  await visit(hands, 'Audit log');
  await hands.fill(page.getByRole('searchbox'), 'action:identity.ended');
  await hands.enter();
  const entry = page.getByRole('table', { name: 'Audit log' }).getByRole('row').filter({ hasText: 'Noa Berg' });
  await entry.getByText(/^ended$/i).waitFor();
  await hands.follow(entry.getByRole('rowheader').getByRole('link'));
  assert.match(path(window), /^\/audit\/\d+/);
  await page.getByText('Left for another harbour.').first().waitFor();
  const change = page.getByRole('table').getByRole('row', { name: /Status/ }).first();
  await change.getByText(/active/i).waitFor();
  await change.getByText(/ended/i).waitFor();
}

/** Signing out ends the session; going back shows nothing. */
export async function leave(hands) {
  const { window, window: { page } } = hands;
  await account(hands, 'Sign out');
  assert.equal(path(window), '/sign-in');
  await assertFlash(window, 'You are signed out.');
  await window.goto('/people');
  assert.match(path(window), /^\/sign-in\?next=/);
}
