// Lists of roles and rules, the field for what can be given, and finding both, with scripts on and off.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { hidden } from '../harness/client.mjs';
import { records } from '../harness/csv.mjs';
import { follow, path } from '../harness/page.mjs';
import { stage } from '../harness/stage.mjs';
import { addPerson, done, welcome } from '../steps/company.mjs';
import { chips, names, search } from '../steps/lists.mjs';

const { test: it } = stage({
  set: async (server) => {
    const admin = await welcome(server);
    await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger' });
    for (const [name, title] of [['read', 'Read the ledger'], ['post', 'Post to the ledger']]) {
      await done(admin, '/entitlements/new', { application: 'ledger', name, display_name: title, kind: 'permission' });
    }
    const person = await addPerson(admin, { username: 'ana.silva', display_name: 'Ana Silva', department: 'Finance' });
    const [clerk, auditor] = [
      await role(admin, { name: 'clerk', display_name: 'Ledger clerk', owner: 'ana.silva' }),
      await role(admin, { name: 'auditor', display_name: 'Auditor' }),
    ];
    await done(admin, `/roles/${auditor}/suspend`, { reason: 'Not now.', hash: await hashOf(admin, `/roles/${auditor}/suspend`) });
    await done(admin, '/rules/new', { name: 'Finance clerks', condition: 'principal.department == "Finance"', what: 'role:clerk', step: 'save' });
    return { admin, person, clerk, auditor };
  },
});

async function role(admin, fields) {
  return (await done(admin, '/roles/new', fields)).split('/')[2].split('?')[0];
}

async function hashOf(admin, where) {
  return hidden((await admin.get(where)).body, 'hash');
}

for (const scripts of [true, false]) {
  const look = `with scripts ${scripts ? 'on' : 'off'}`;

  it(`roles are narrowed by a filter, kept as a view, and leave as a file, ${look}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    const { page } = window;
    await window.goto('/roles');
    assert.deepEqual(await names(window), ['Auditor', 'Ledger clerk']);
    await follow(window, () => page.getByRole('link', { name: 'Filter', exact: true }).click());
    await follow(window, () => page.getByRole('link', { name: /^ana\.silva\s*1$/ }).click());
    assert.deepEqual(await chips(window), ['owner:ana.silva']);
    // What shows the same as a view that is kept needs no other one.
    if (!scripts) await search(window, 'owner:ana.silva clerk');
    assert.deepEqual(await names(window), ['Ledger clerk']);
    const name = `Mine ${look}`;
    await follow(window, () => page.getByRole('link', { name: 'Save view…' }).click());
    await page.getByLabel('Name', { exact: true }).fill(name);
    await follow(window, () => page.getByRole('button', { name: 'Save view' }).click());
    assert.match(path(window), /^\/roles\?view=viw_\w+&q=owner%3Aana\.silva(\+clerk)?$/);
    await window.goto('/roles');
    await follow(window, () => page.getByRole('link', { name: new RegExp(name) }).click());
    assert.deepEqual(await names(window), ['Ledger clerk']);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export' }).click()]);
    const rows = records(await readFile(await download.path(), 'utf8'));
    assert.deepEqual(rows.map(({ role, owner, status }) => [role, owner, status]), [['clerk', 'ana.silva', 'active']]);
  });

  it(`rules are narrowed by a filter and have columns to choose, ${look}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    const { page } = window;
    await window.goto('/rules?cols=hand_over_days,state&sort=-state');
    const heads = await page.getByRole('columnheader').allTextContents();
    assert.deepEqual(heads.map((text) => text.trim()).slice(0, 3), ['Name', 'Days of hand-over', 'State']);
    await search(window, 'state:draft gives:role');
    assert.deepEqual(await chips(window), ['state:Draft', 'gives:A role']);
    assert.deepEqual(await names(window), ['Finance clerks']);
    const file = await set.admin.get('/rules/export.csv?q=state%3Adraft');
    const [rule] = records(file.body);
    assert.deepEqual([rule.rule, rule.gives, rule.condition], ['Finance clerks', 'role:clerk', 'principal.department == "Finance"']);
  });

  it(`the search page finds roles and rules, ${look}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    await window.goto('/search?q=clerk');
    const { page } = window;
    await page.getByRole('table', { name: 'Roles' }).getByRole('link', { name: 'Ledger clerk' }).waitFor();
    await follow(window, () => page.getByRole('table', { name: 'Rules' }).getByRole('link', { name: 'Finance clerks' }).click());
    assert.match(path(window), /^\/rules\/rul_\w+$/);
  });

  it(`what is typed in full is given without suggestions, ${look}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    const { page } = window;
    await window.goto(`/roles/${set.clerk}/contents/edit`);
    const field = page.getByLabel('Find a role or an entitlement');
    const what = scripts ? 'ledger/read' : 'ledger/post';
    await field.fill(what);
    if (scripts) await page.keyboard.press('Escape');
    await follow(window, () => page.getByRole('button', { name: 'Add', exact: true }).click());
    assert.equal(await page.getByLabel('Put in').inputValue(), what);
    assert.equal(await field.inputValue(), '');
    await follow(window, () => page.getByRole('button', { name: 'See what it changes' }).click());
    await page.getByLabel('Reason').fill('Clerks need it.');
    await follow(window, () => page.getByRole('button', { name: 'Apply', exact: true }).click());
    assert.match(path(window), /\/contents$/);
    await window.goto(`/roles/${set.clerk}/versions`);
    const row = page.getByRole('row').filter({ hasText: 'Now' });
    await row.getByRole('link', { name: 'Ada Lund' }).waitFor();
    await row.getByText('Clerks need it.').waitFor();
  });
}

it('a role is found and taken by keyboard alone', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto(`/people/${set.person}/give`);
  const field = page.getByLabel('What', { exact: true });
  await field.focus();
  await page.keyboard.type('cler');
  const option = page.getByRole('option', { name: /Ledger clerk/ });
  await option.waitFor();
  await page.keyboard.press('ArrowDown');
  assert.equal(await option.getAttribute('aria-selected'), 'true');
  await page.keyboard.press('Enter');
  assert.equal(await field.inputValue(), 'role:clerk');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('ledger/po');
  await page.getByRole('option', { name: /Post to the ledger/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  assert.equal(await field.inputValue(), 'ledger/post');
  await page.keyboard.type('For the harbour.');
  await follow(window, () => page.keyboard.press('ControlOrMeta+Enter'));
  assert.match(path(window), new RegExp(`^/people/${set.person}/access`));
  await page.getByText('Post to the ledger').first().waitFor();
});

it('the palette finds a role and a rule', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto('/people');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('clerk');
  const palette = page.getByRole('dialog', { name: 'Search or jump' });
  await palette.getByRole('option', { name: /Finance clerks/ }).waitFor();
  const option = palette.getByRole('option', { name: /^Ledger clerk/ });
  await option.waitFor();
  while (await option.getAttribute('aria-selected') !== 'true') await page.keyboard.press('ArrowDown');
  await follow(window, () => page.keyboard.press('Enter'));
  assert.equal(path(window), `/roles/${set.clerk}`);
});

it('a rule whose role has ended says so, and gets another one', async ({ open, set }) => {
  const { admin } = set;
  const gone = await role(admin, { name: 'gone', display_name: 'Gone role' });
  const rule = (await done(admin, '/rules/new', { name: 'Left behind', condition: 'true', what: 'role:gone', step: 'save' })).split('/')[2].split('?')[0];
  await done(admin, `/roles/${gone}/end`, { reason: 'Over.', hash: await hashOf(admin, `/roles/${gone}/end`) });
  const window = await open({ as: admin });
  const { page } = window;
  await window.goto(`/rules/${rule}`);
  await page.getByText('Gone role has ended, so this rule gives nothing any more.', { exact: false }).waitFor();
  await follow(window, () => page.getByRole('link', { name: 'Choose what it gives' }).click());
  assert.equal(await page.getByLabel('Gives').evaluate((field) => field === document.querySelector(':target')), true);
  await window.goto(`/rules/${rule}/edit`);
  const refused = await follow(window, () => page.getByRole('button', { name: 'Save changes' }).last().click());
  assert.equal(refused.status(), 422);
  await page.getByLabel('Gives').fill('role:clerk');
  await follow(window, () => page.getByRole('button', { name: 'Save changes' }).last().click());
  assert.equal(path(window), `/rules/${rule}`);
  assert.equal(await page.getByText('gives nothing any more').count(), 0);
});
