// Signing in, sessions, passwords and one-time links.

import assert from 'node:assert/strict';

import { Client, words } from '../harness/client.mjs';
import { pointer } from '../harness/hands.mjs';
import { follow, path } from '../harness/page.mjs';
import { stage } from '../harness/stage.mjs';
import { ADMIN, PASSWORD, account, addPerson, done, makeLink, signIn, welcome } from '../steps/company.mjs';
import { assertFieldError, assertFlash, assertHeading, assertSummary, signIn as signInAt } from '../steps/places.mjs';

const NEW = 'purple ladders sleep outside';
const { test: it } = stage({ set: async (server) => ({ admin: await welcome(server) }) });

let made = 0;
/** Somebody of one's own for a test. */
function somebody(server, set, of = {}) {
  made += 1;
  return account(server, set.admin, { username: `some.body${made}`, display_name: `Some Body ${made}`, ...of });
}

/** Signs in with a name and password and answers status and words. */
async function attempt(server, username, password) {
  const answer = await new Client(server).post('/sign-in', { username, password });
  return { ...answer, text: words(answer.body) };
}

it('a wrong password and an unknown name are answered alike, in words and in time', async ({ server, set }) => {
  const known = await somebody(server, set);
  const [wrong, unknown] = [[], []];
  for (let round = 0; round < 3; round += 1) {
    for (const [name, times] of [[known.username, wrong], [`no.${known.username}`, unknown]]) {
      const begun = performance.now();
      const answer = await attempt(server, name, 'certainly not the password');
      times.push(performance.now() - begun);
      assert.equal(answer.status, 422);
      assert.match(answer.text, /Username or password is wrong\./);
      times.text = answer.text.replaceAll(name, 'NAME');
    }
  }
  assert.equal(wrong.text, unknown.text);
  // The same work: hashing takes most of the time, so that a name that is not hashed for would be far quicker.
  assert.ok(Math.min(...unknown) > Math.min(...wrong) / 3, `${unknown} against ${wrong} ms`);
});

it('after five wrong passwords the account waits, also for the right one, and so does a name that nobody has', async ({ server, set }) => {
  const known = await somebody(server, set);
  for (const name of [known.username, 'nobody.at.all']) {
    for (let wrong = 0; wrong < 5; wrong += 1) assert.equal((await attempt(server, name, `wrong password ${wrong}`)).status, 422);
    const refused = await attempt(server, name, PASSWORD);
    assert.equal(refused.status, 429);
    assert.match(refused.text, /Too many attempts/);
    const seconds = Number(refused.headers['retry-after']);
    assert.ok(seconds > 0 && seconds <= 31, `Retry-After is ${refused.headers['retry-after']}`);
  }
  assert.equal((await known.client.get('/me')).status, 200, 'who is signed in is not disturbed');
});

it('the form keeps the name and takes the focus to what is wrong', async ({ open, server, set }) => {
  const known = await somebody(server, set);
  for (const scripts of [true, false]) {
    const window = await open({ scripts });
    await window.goto('/people?q=some');
    assert.match(path(window), /^\/sign-in\?next=/);
    const hands = pointer(window);
    const answer = await signInAt(hands, { ...known, password: 'not this one either' });
    assert.equal(answer.status(), 422);
    await assertSummary(window, ['Username or password is wrong.']);
    assert.equal(await window.page.getByLabel('Username').inputValue(), known.username);
    assert.equal(await window.page.getByLabel('Password', { exact: true }).inputValue(), '');
    await signInAt(hands, known);
    assert.equal(path(window), '/people?q=some', 'signing in leads to where one was going');
  }
});

it('only paths of this site are gone to after signing in', async ({ server }) => {
  for (const next of ['https://example.com/', '//example.com/', '/\\example.com', '\\\\example.com', 'javascript:alert(1)', '/\t/example.com']) {
    const answer = await new Client(server).post('/sign-in', { ...ADMIN, next });
    assert.equal(answer.status, 303);
    assert.equal(answer.location, '/', next);
  }
});

it('sessions are listed and can be signed out elsewhere', async ({ open, server, set }) => {
  const who = await somebody(server, set);
  const [second, third] = [await signIn(server, who), await signIn(server, who)];
  const window = await open({ as: who.client });
  const { page } = window;
  await window.goto('/me/sessions');
  const table = page.getByRole('table', { name: /Open sessions/ });
  assert.equal(await table.getByRole('rowheader').count(), 3);
  assert.equal(await table.getByText('This session').count(), 1);
  await follow(window, () => table.getByRole('button', { name: /^Sign out/ }).first().click());
  await assertFlash(window, 'Signed out elsewhere.');
  const states = await Promise.all([second, third].map(async (client) => (await client.get('/me')).status));
  assert.deepEqual(states.sort(), [200, 303], 'one of the others is out');
  await follow(window, () => page.getByRole('button', { name: 'Sign out everywhere else' }).click());
  for (const client of [second, third]) assert.equal((await client.get('/me')).status, 303);
  await window.goto('/me');
  await assertHeading(window, /./);
});

it('changing the password asks the old one and ends the other sessions', async ({ open, server, set }) => {
  const who = await somebody(server, set);
  const other = await signIn(server, who);
  const window = await open({ as: who.client });
  const { page } = window;
  const fill = async (old, chosen, again) => {
    await page.getByLabel('Present password').fill(old);
    await page.getByLabel('New password').fill(chosen);
    await page.getByLabel('The same again').fill(again);
    return follow(window, () => page.getByRole('button', { name: 'Change password' }).click());
  };
  await window.goto('/me/password');
  assert.equal((await fill('not the present one', NEW, NEW)).status(), 422);
  await assertFieldError(page.getByLabel('Present password'), /not your present password/);
  assert.equal((await fill(who.password, 'short', 'short')).status(), 422);
  await assertFieldError(page.getByLabel('New password'), /5 characters/);
  assert.equal((await fill(who.password, NEW, `${NEW}!`)).status(), 422);
  await assertFieldError(page.getByLabel('The same again'), /differ/);
  await fill(who.password, NEW, NEW);
  await assertFlash(window, 'Your password is changed.');
  assert.equal((await other.get('/me')).status, 303, 'the other session is over');
  await window.goto('/me');
  assert.equal(path(window), '/me', 'this one goes on');
  assert.equal((await attempt(server, who.username, who.password)).status, 422);
  assert.equal((await attempt(server, who.username, NEW)).status, 303);
});

it('a link from the person’s page sets a password once', async ({ open, server, set }) => {
  const id = await addPerson(set.admin, { username: 'new.comer', display_name: 'New Comer' });
  const admin = await open({ as: set.admin });
  await admin.goto(`/people/${id}`);
  await admin.page.getByLabel('More for New Comer').click();
  await follow(admin, () => admin.page.getByRole('button', { name: 'Make a set-password link' }).click());
  await admin.page.getByText('Copy this link now').waitFor();
  const link = new URL(await admin.page.getByText(/\/set-password\//).textContent());
  assert.equal(link.origin, server.url);
  const window = await open({ scripts: false });
  const { page } = window;
  await window.goto(link.pathname);
  await page.getByText('New Comer').waitFor();
  await page.getByLabel('New password').fill('too short');
  await page.getByLabel('The same again').fill('too short');
  assert.equal((await follow(window, () => page.getByRole('button', { name: 'Set password' }).click())).status(), 422);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await follow(window, () => page.getByRole('button', { name: 'Set password' }).click());
  assert.match(path(window), /^\/sign-in/);
  await assertFlash(window, 'Your password is set. Sign in with it.');
  await signInAt(pointer(window), { username: 'new.comer', password: PASSWORD });
  assert.equal(path(window), '/me');
  const again = await open();
  assert.equal((await again.goto(link.pathname)).status(), 404);
  await assertHeading(again, 'This link does not work any more');
});

it('a link from the command line sets a password once, and a newer link replaces an older one', async ({ server, set }) => {
  const id = await addPerson(set.admin, { username: 'far.away', display_name: 'Far Away' });
  const replaced = await makeLink(set.admin, id);
  const { code, out, err } = await server.command(['link', '--for', 'far.away']);
  assert.equal(code, 0, err);
  const link = new URL(out.trim()).pathname;
  const form = { password: PASSWORD, again: PASSWORD };
  assert.equal((await new Client(server).get(replaced)).status, 404);
  assert.equal((await new Client(server).post(replaced, form)).status, 404);
  await done(new Client(server), link, form);
  assert.equal((await new Client(server).post(link, form)).status, 404);
  assert.equal((await attempt(server, 'far.away', PASSWORD)).status, 303);
  assert.notEqual((await server.command(['link', '--for', 'nobody.there'])).code, 0);
});

it('who is suspended is out at once and cannot sign in until resumed', async ({ open, server, set }) => {
  const who = await somebody(server, set);
  const window = await open({ as: who.client });
  await window.goto('/me');
  await done(set.admin, `/people/${who.id}/suspend`, { reason: 'Lost the badge.' });
  await window.goto('/me');
  assert.match(path(window), /^\/sign-in/);
  assert.equal((await attempt(server, who.username, who.password)).status, 422);
  await done(set.admin, `/people/${who.id}/resume`, { reason: 'Found the badge.' });
  assert.equal((await attempt(server, who.username, who.password)).status, 303);
});

it('an administrator can be made at the command line while the server runs', async ({ server }) => {
  const { code, err } = await server.command(['admin', 'create', '--username', 'from.shell', '--password-stdin'], `${NEW}\n`);
  assert.equal(code, 0, err);
  const client = await signIn(server, { username: 'from.shell', password: NEW });
  assert.equal((await client.get('/people/new')).status, 200);
  assert.notEqual((await server.command(['admin', 'create', '--username', 'weak.one', '--password-stdin'], 'short\n')).code, 0);
});

it('the first page is there only once', async ({ server }) => {
  assert.equal((await new Client(server).get('/welcome')).status, 404);
  const form = { organisation: 'Another', zone: 'UTC', display_name: 'Eve', username: 'eve', password: NEW, again: NEW };
  assert.equal((await new Client(server).post('/welcome', form)).status, 404);
});
