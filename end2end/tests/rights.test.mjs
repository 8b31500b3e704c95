// What each kind of person sees and may do. That every route refuses is proven elsewhere; this is how it looks.

import assert from 'node:assert/strict';

import { Client, words } from '../harness/client.mjs';
import { records } from '../harness/csv.mjs';
import { follow, path } from '../harness/page.mjs';
import { stage } from '../harness/stage.mjs';
import { account, addPerson, company, done } from '../steps/company.mjs';
import { names } from '../steps/lists.mjs';
import { assertHeading } from '../steps/places.mjs';

const { test: it } = stage({ set: company });

/** Labels and addresses of the navigation. */
async function places({ page }) {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('list').getByRole('link').evaluateAll((links) =>
    links.map((link) => [link.textContent.trim(), new URL(link.href).pathname]));
}

/** Follows every place of the navigation; none may refuse. */
async function followAll(window) {
  for (const [label, address] of await places(window)) {
    assert.equal((await window.goto(address)).status(), 200, `${label} leads to a refusal`);
  }
}

it('an auditor reads everything and has no button that acts', async ({ open, set }) => {
  const window = await open({ as: set.auditor.client });
  const { page } = window;
  await window.goto('/');
  assert.equal(path(window), '/audit', 'the log is an auditor’s home');
  assert.deepEqual((await places(window)).map(([label]) => label), [
    'Inbox', 'My access', 'Request', 'Overview', 'People', 'Applications', 'Entitlements', 'Roles', 'Rules', 'Approval flows', 'Assignments', 'Accounts', 'Access', 'Findings', 'Reviews', 'Sources', 'Jobs', 'Reports', 'Audit log', 'Verify evidence',
  ]);
  await followAll(window);
  const screens = ['/people', `/people/${set.employee.id}`, `/people/${set.employee.id}/timeline`, '/applications', '/entitlements', '/roles', '/rules', '/assignments', '/accounts', '/access', '/overview', '/findings', '/sources', '/jobs', '/audit', '/audit/1'];
  for (const screen of screens) {
    await window.goto(screen);
    const main = page.getByRole('main');
    const buttons = await main.getByRole('button').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent.trim()));
    const acting = buttons.filter((label) => !/^(Search|Copy|Filter|Previous|Next)/.test(label));
    assert.deepEqual(acting, [], `${screen} offers to act`);
    const links = await main.getByRole('link').evaluateAll((all) => all.map((one) => new URL(one.href).pathname));
    assert.deepEqual(links.filter((link) => /\/(new|edit|suspend|resume|end|link|rights|bulk)$/.test(link)), [], `${screen} leads to forms`);
    assert.equal(await main.getByRole('checkbox').count(), 0, `${screen} offers to select`);
  }
});

it('opening a person as an auditor is in the log', async ({ set }) => {
  await set.auditor.client.get(`/people/${set.manager.id}`);
  const log = records((await set.admin.client.get('/audit/export.csv?q=action%3Aobject.viewed')).body);
  assert.ok(log.some((entry) => entry.actor === set.auditor.id && entry.targets.includes(set.manager.id)));
});

it('an employee has their own access, the catalogue and nothing else', async ({ open, set }) => {
  const window = await open({ as: set.employee.client });
  await window.goto('/');
  assert.equal(path(window), '/me');
  assert.deepEqual((await places(window)).map(([, address]) => address), ['/inbox', '/me', '/request']);
  await followAll(window);
  for (const screen of ['/people/new', '/audit', '/audit/1', '/audit/export.csv', '/applications/new', '/entitlements/new', '/accounts', '/access', '/overview', '/findings', '/sources', '/sources/new']) {
    const answer = await set.employee.client.get(screen);
    assert.ok([403, 404].includes(answer.status), `${screen} answers ${answer.status}`);
  }
  assert.equal((await set.employee.client.get(`/people/${set.manager.id}`)).status, 404, 'others are not there for them');
  const file = records((await set.employee.client.get('/people/export.csv')).body);
  assert.deepEqual(file, [], 'a file has nobody either');
  const found = await set.employee.client.get('/search?q=iris');
  assert.doesNotMatch(words(found.body), /Iris Audit/);
  assert.doesNotMatch((await set.employee.client.get('/api/search?q=iris')).body, /Iris Audit/);
});

it('a manager sees the team and nobody else', async ({ open, set }) => {
  const window = await open({ as: set.manager.client });
  await window.goto('/people');
  await assertHeading(window, 'My team');
  assert.deepEqual(await names(window), ['Emil Frost']);
  await followAll(window);
  await window.goto(`/people/${set.employee.id}`);
  assert.equal(await window.page.getByRole('link', { name: 'Edit', exact: true }).count(), 0);
  assert.equal((await window.goto(`/people/${set.auditor.id}`)).status(), 404);
  await assertHeading(window, 'Nothing here');
});

it('acting without the right is refused in words and recorded', async ({ open, set }) => {
  const { client, id } = set.auditor;
  const attempts = [
    ['/people/new', { username: 'smuggled', display_name: 'Smuggled In', kind: 'employee' }, 'create_person'],
    [`/people/${set.employee.id}/edit`, { username: 'emil.frost', display_name: 'Renamed', kind: 'employee', version: '0' }, 'edit_person'],
    [`/people/${set.employee.id}/end`, { reason: 'Because.' }, 'move_person'],
    [`/people/${set.employee.id}/rights`, { act: 'give', right: 'administer', reason: 'Because.' }, 'grant_right'],
    [`/people/${set.employee.id}/link`, {}, 'link_person'],
    ['/applications/new', { name: 'smuggled', display_name: 'Smuggled' }, 'create_access'],
  ];
  const before = records((await set.admin.client.get(`/audit/export.csv?q=outcome%3Adenied`)).body).length;
  for (const [address, form] of attempts) assert.equal((await client.post(address, form)).status, 403, `POST ${address}`);
  const denied = records((await set.admin.client.get('/audit/export.csv?q=outcome%3Adenied')).body);
  assert.equal(denied.length, before + attempts.length);
  for (const [, , attempted] of attempts) {
    assert.ok(denied.some((entry) => entry.actor === id && entry.action === 'act.denied' && entry.details.includes(`"${attempted}"`)), attempted);
  }
  const window = await open({ as: client });
  assert.equal((await window.goto('/people/new')).status(), 403);
  await assertHeading(window, 'Not with your rights');
  await window.page.getByText(/needs the right .*Manage identities/).waitFor();
  await follow(window, () => window.page.getByRole('main').getByRole('link', { name: 'Go to the first page' }).click());
  assert.equal(path(window), '/audit');
});

it('nobody gives a right to themselves, and the last administrator stays', async ({ server, set }) => {
  const refused = await set.editor.client.post(`/people/${set.editor.id}/rights`, { act: 'give', right: 'administer', reason: 'Mine.' });
  assert.equal(refused.status, 403);
  const people = records((await set.admin.client.get('/people/export.csv?q=username%3Aada.lund')).body);
  const other = await account(server, set.admin.client, { username: 'second.chief', display_name: 'Second Chief', rights: ['administer'] });
  await done(other.client, `/people/${people[0].id}/suspend`, { reason: 'On a long voyage.' });
  const last = await other.client.post(`/people/${other.id}/end`, { reason: 'Me, too.' });
  assert.ok(last.status === 409 || last.status === 403, `the last administrator was ended: ${last.status}`);
  await done(other.client, `/people/${people[0].id}/resume`, { reason: 'Back.' });
  set.admin.client = other.client;
});

it('nobody is let in without signing in', async ({ server, set }) => {
  const stranger = new Client(server);
  for (const address of ['/', '/me', '/people', `/people/${set.employee.id}`, '/audit', '/applications', '/search?q=a']) {
    const answer = await stranger.get(address);
    assert.equal(answer.status, 303, address);
    assert.match(answer.location, /^\/sign-in/);
  }
  assert.equal((await stranger.get('/api/search?q=em')).status, 401);
  await addPerson(set.admin.client, { username: 'after.all', display_name: 'After All' });
});
