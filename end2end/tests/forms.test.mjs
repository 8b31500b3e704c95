// What happens around forms: leaving them, sending them twice, and what a picker and a menu do without scripts.

import assert from 'node:assert/strict';

import { follow, path } from '../harness/page.mjs';
import { records } from '../harness/csv.mjs';
import { stage } from '../harness/stage.mjs';
import { addPerson, company, editPerson } from '../steps/company.mjs';
import { assertFlash, assertHeading } from '../steps/places.mjs';

const { test: it } = stage({ set: company });

it('leaving a form with unsaved changes asks first; saving does not', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  await window.goto(`/people/${set.manager.id}/edit`);
  await page.getByLabel('Location').pressSequentially('Lisbon');
  window.answer = 'dismiss';
  const asked = page.waitForEvent('dialog');
  await page.getByRole('link', { name: 'Cancel' }).click({ noWaitAfter: true });
  await asked;
  assert.deepEqual(window.dialogs, ['beforeunload']);
  assert.equal(await page.getByLabel('Location').inputValue(), 'Lisbon', 'staying keeps what was typed');
  await follow(window, () => page.getByRole('button', { name: 'Save changes' }).click());
  await assertFlash(window, 'Changes saved.');
  assert.equal(window.dialogs.length, 1);
  await window.goto(`/people/${set.manager.id}/edit`);
  await follow(window, () => page.getByRole('link', { name: 'Cancel' }).click());
  assert.equal(window.dialogs.length, 1, 'an untouched form is left without a question');
});

it('a form that came back with mistakes is unsaved, too', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  await window.goto('/people/new');
  await page.getByLabel('Name', { exact: true }).fill('Half Done');
  await follow(window, () => page.getByRole('button', { name: 'Add person' }).click());
  window.answer = 'dismiss';
  const asked = page.waitForEvent('dialog');
  await page.getByRole('link', { name: 'Cancel' }).click({ noWaitAfter: true });
  assert.equal((await asked).type(), 'beforeunload');
});

for (const scripts of [true, false]) {
  it(`a double click adds one person, scripts ${scripts ? 'on' : 'off'}`, async ({ open, set }) => {
    const window = await open({ as: set.admin.client, scripts });
    const { page } = window;
    const username = `twice.${scripts ? 'on' : 'off'}`;
    await window.goto('/people/new');
    await page.getByLabel('Name', { exact: true }).fill('Twice Clicked');
    await page.getByLabel('Username').fill(username);
    // The second click gives up the navigation of the first: only where it ends is waited for.
    await page.getByRole('button', { name: 'Add person' }).dblclick({ noWaitAfter: true });
    await assertHeading(window, 'Twice Clicked');
    assert.match(path(window), /^\/people\/idn_/);
    assert.equal(records((await set.admin.client.get(`/people/export.csv?q=username%3A${username}`)).body).length, 1);
  });
}

it('going back and sending the same form again does nothing twice and says so', async ({ open, set }) => {
  const window = await open({ as: set.admin.client, scripts: false });
  const { page } = window;
  await window.goto('/people/new');
  await page.getByLabel('Name', { exact: true }).fill('Sent Again');
  await page.getByLabel('Username').fill('sent.again');
  // The page as it was is kept by the browser only when it may; sending its fields again is the same thing.
  const idem = await page.locator('input[name=idem]').inputValue();
  await follow(window, () => page.getByRole('button', { name: 'Add person' }).click());
  const first = path(window);
  const again = await set.admin.client.post('/people/new', { idem, username: 'sent.again', display_name: 'Sent Again', kind: 'employee' });
  assert.equal(again.status, 303);
  assert.equal(again.location, first);
  assert.match(String(again.headers['set-cookie']), /flash=already/);
});

it('an edit of what another has changed meanwhile is compared field by field, also for what one did not touch', async ({ open, set }) => {
  const id = await addPerson(set.admin.client, { username: 'con.flict', display_name: 'Con Flict', location: 'Porto', title: 'Cook' });
  const window = await open({ as: set.admin.client, scripts: false });
  const { page } = window;
  await window.goto(`/people/${id}/edit`);
  assert.equal((await editPerson(set.editor.client, id, { location: 'Faro' })).status, 303);
  await page.getByLabel('Title').fill('Chef');
  assert.equal((await follow(window, () => page.getByRole('button', { name: 'Save changes' }).click())).status(), 409);
  const table = page.getByRole('table', { name: /What is recorded now/ });
  assert.deepEqual(await table.getByRole('rowheader').allTextContents(), ['Title', 'Location']);
  // A third change between the comparison and the second try is a conflict again.
  assert.equal((await editPerson(set.editor.client, id, { location: 'Tavira' })).status, 303);
  assert.equal((await follow(window, () => page.getByRole('button', { name: 'Save changes' }).click())).status(), 409);
  await table.getByText('Tavira').waitFor();
  await follow(window, () => page.getByRole('button', { name: 'Save changes' }).click());
  assert.equal(path(window), `/people/${id}`);
});

it('saving without a change says that nothing was changed, and the log has no entry for it', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const edits = async () => records((await set.admin.client.get(`/audit/export.csv?q=action%3Aidentity.edited`)).body).length;
  const before = await edits();
  await window.goto(`/people/${set.auditor.id}/edit`);
  await follow(window, () => window.page.getByRole('button', { name: 'Save changes' }).click());
  await assertFlash(window, 'Nothing was changed');
  assert.equal(await edits(), before);
});

it('the message of what was done goes when sent away, and is shown once', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  await window.goto('/me/preferences');
  await follow(window, () => page.getByRole('button', { name: 'Save preferences' }).click());
  const message = page.getByText('Preferences saved.');
  await message.waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await message.waitFor({ state: 'hidden' });
  await page.reload();
  assert.equal(await page.getByText('Preferences saved.').count(), 0);
});

it('the theme and the density that were chosen are there at the first byte', async ({ open, set }) => {
  const window = await open({ as: set.editor.client, scripts: false });
  const { page } = window;
  await window.goto('/me/preferences');
  await page.getByRole('radio', { name: 'Dark', exact: true }).check();
  await page.getByRole('radio', { name: /^Compact/ }).check();
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await follow(window, () => page.getByRole('button', { name: 'Save preferences' }).click());
  const root = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  assert.equal(root.theme, 'dark');
  assert.equal(root.density, 'compact');
  await window.goto(`/people/${set.employee.id}`);
  await page.getByTitle(/(JST|\+09)$/).first().waitFor();
});

it('a copied id is on the clipboard, and the button says so', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page, context } = window;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await window.goto(`/people/${set.employee.id}`);
  await page.getByRole('button', { name: 'Copy id' }).click();
  await page.getByText('Copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), set.employee.id);
});

it('a title and a long text hold what was written and nothing else', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  await window.goto('/applications/new');
  assert.equal(await page.title(), 'Add application · Bailiwick');
  assert.equal(await page.getByLabel('Description').inputValue(), '');
  const text = 'Pays <b>salaries</b> & bonuses.\n\nTwice.';
  await page.getByLabel('Name', { exact: true }).first().fill('');
  await page.getByLabel('Description').fill(text);
  await follow(window, () => page.getByRole('button', { name: 'Add application' }).last().click());
  assert.equal(await page.title(), 'Error: Add application · Bailiwick');
  assert.equal(await page.getByLabel('Description').inputValue(), text);
});
