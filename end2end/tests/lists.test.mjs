// Lists: everything they show is in the address, works with scripts on and off, and leaves as a file unchanged.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { records } from '../harness/csv.mjs';
import { follow, path } from '../harness/page.mjs';
import { stage } from '../harness/stage.mjs';
import { addPerson, crowd, welcome } from '../steps/company.mjs';
import { chips, names, range, search, turn } from '../steps/lists.mjs';
import { assertHeading } from '../steps/places.mjs';

const CROWD = 125;

const { test: it } = stage({
  set: async (server) => {
    const admin = await welcome(server);
    await crowd(admin, CROWD);
    await addPerson(admin, {
      username: 'formula', display_name: '=HYPERLINK("http://example.com","x")', department: '+1+1', title: '@SUM(A1)', location: '-2',
    });
    return { admin };
  },
});

for (const scripts of [true, false]) {
  const look = `with scripts ${scripts ? 'on' : 'off'}`;

  it(`a search becomes chips that remove themselves, ${look}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    await window.goto('/people?size=25');
    await search(window, 'crowd department:Stores kind:contractor');
    assert.deepEqual(await chips(window), ['crowd', 'department:Stores', 'kind:Contractor']);
    assert.match(await range(window), /^1–5 of 5$/);
    assert.ok((await names(window)).includes('Crowd Person 001'));
    assert.match(path(window), /size=25/, 'a search keeps the page size');
    await follow(window, () => window.page.getByRole('link', { name: /Remove filter kind/ }).click());
    assert.deepEqual(await chips(window), ['crowd', 'department:Stores']);
    assert.match(await range(window), /^1–25 of 42$/);
    await follow(window, () => window.page.getByRole('link', { name: 'Clear all' }).click());
    assert.match(await range(window), /of 127$/);
  });

  it(`filters offer values with counts, ${look}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    const { page } = window;
    await window.goto('/people');
    await follow(window, () => page.getByRole('link', { name: 'Filter', exact: true }).click());
    await follow(window, () => page.getByRole('link', { name: /^Contractor\s*13$/ }).click());
    assert.deepEqual(await chips(window), ['kind:Contractor']);
    assert.match(await range(window), /^1–13 of 13$/);
    await follow(window, () => page.getByRole('link', { name: 'Filter', exact: true }).click());
    await follow(window, () => page.getByRole('link', { name: /^Stores\s*\d+$/ }).click());
    assert.deepEqual(await chips(window), ['kind:Contractor', 'department:Stores']);
    await follow(window, () => page.getByRole('link', { name: 'Filter', exact: true }).click());
    assert.match(path(window), /filters=open/);
    await page.getByRole('heading', { name: 'Department' }).waitFor();
    const close = scripts ? () => page.keyboard.press('Escape') : () => page.getByRole('link', { name: 'Filter', exact: true }).click();
    await follow(window, close);
    assert.equal(await page.getByRole('heading', { name: 'Department' }).count(), 0);
  });

  it(`pages go forward and back without a gap, ${look}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    await window.goto('/people?size=50&q=crowd');
    const first = await names(window);
    assert.match(await range(window), /^1–50 of 125$/);
    await turn(window, 'Next');
    const second = await names(window);
    assert.match(await range(window), /^51–100 of 125$/);
    await turn(window, 'Next');
    const third = await names(window);
    assert.match(await range(window), /^101–125 of 125$/);
    assert.equal(await window.page.getByRole('link', { name: 'Next', exact: true }).count(), 0, 'nothing follows the last page');
    const all = [...first, ...second, ...third];
    assert.deepEqual(all, [...all].sort());
    assert.equal(new Set(all).size, CROWD);
    await turn(window, 'Previous');
    assert.deepEqual(await names(window), second);
    await turn(window, 'Previous');
    assert.deepEqual(await names(window), first);
    assert.match(await range(window), /^1–50 of 125$/);
    await turn(window, '100');
    assert.match(await range(window), /^1–100 of 125$/);
  });
}

it('columns sort both ways and say so', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto('/people?q=crowd&size=25');
  const head = page.getByRole('columnheader', { name: 'Person' });
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  await follow(window, () => head.getByRole('link').click());
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  assert.equal((await names(window))[0], 'Crowd Person 125');
  await turn(window, 'Next');
  assert.equal((await names(window))[0], 'Crowd Person 100', 'the next page goes on in the same order');
  await follow(window, () => page.getByRole('columnheader', { name: 'Department' }).getByRole('link').click());
  assert.match(await range(window), /^1–25/, 'another order starts at its first page');
});

it('an address shows the same in another browser, and going back keeps the state', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  await window.goto('/people?size=25');
  await search(window, 'department:Sales');
  await turn(window, 'Next');
  const [address, shown, said] = [path(window), await names(window), await range(window)];
  const other = await open({ as: set.admin, scripts: false });
  await other.goto(address);
  assert.deepEqual(await names(other), shown);
  assert.equal(await range(other), said);
  assert.deepEqual(await chips(other), ['department:Sales']);
  await follow(window, () => window.page.getByRole('rowheader').getByRole('link').first().click());
  await window.page.goBack({ waitUntil: 'load' });
  assert.equal(path(window), address);
  assert.deepEqual(await names(window), shown);
  await window.page.goBack({ waitUntil: 'load' });
  assert.match(await range(window), /^1–25/);
});

it('an empty result says what was asked and offers to drop the last part', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  await window.goto('/people?q=crowd+status%3Aended');
  await window.page.getByRole('heading', { name: 'Nobody matches' }).waitFor();
  await follow(window, () => window.page.getByRole('link', { name: 'Drop the last part' }).click());
  assert.deepEqual(await chips(window), ['crowd']);
});

it('a part of the search that means nothing is named', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  await window.goto('/people?q=colour%3Agreen+crowd');
  await window.page.getByText('This list has no colour:', { exact: false }).waitFor();
});

it('the file has the rows of the screen in their order, and no cell that a spreadsheet would run', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto('/people?q=department%3AStores&sort=-name&size=100');
  const shown = await names(window);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export' }).click()]);
  assert.match(download.suggestedFilename(), /^people-\d{8}T\d{6}-UTC\.csv$/);
  const rows = records(await readFile(await download.path(), 'utf8'));
  assert.deepEqual(rows.map((row) => row.display_name), shown);
  assert.ok(rows.every((row) => row.department === 'Stores' && row.status === 'active'));
  const all = await set.admin.get('/people/export.csv');
  assert.match(all.headers['content-disposition'], /^attachment; filename="people-/);
  const everyone = records(all.body);
  assert.equal(everyone.length, CROWD + 2);
  const formula = everyone.find((row) => row.username === 'formula');
  assert.deepEqual(
    [formula.display_name, formula.department, formula.title, formula.location],
    ['\'=HYPERLINK("http://example.com","x")', "'+1+1", "'@SUM(A1)", "'-2"],
  );
});

for (const scripts of [true, false]) {
  it(`three people are suspended at once, each with a result, scripts ${scripts ? 'on' : 'off'}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    const { page } = window;
    const numbers = scripts ? ['010', '011', '012'] : ['020', '021', '022'];
    await window.goto('/people?q=crowd');
    for (const number of numbers) await page.getByRole('checkbox', { name: `Select Crowd Person ${number}` }).check();
    if (scripts) await page.getByRole('status').filter({ hasText: '3 selected' }).waitFor();
    await follow(window, () => page.getByRole('button', { name: 'Suspend…' }).click());
    await assertHeading(window, 'Suspend 3 people?');
    for (const number of numbers) await page.getByRole('table', { name: 'Selected people' }).getByText(`Crowd Person ${number}`).waitFor();
    const refused = await follow(window, () => page.getByRole('button', { name: 'Suspend 3 people' }).click());
    assert.equal(refused.status(), 422, 'a reason is needed');
    // Meanwhile somebody else ends one of them.
    const [id] = records((await set.admin.get(`/people/export.csv?q=username%3Acrowd.${numbers[1]}`)).body).map((row) => row.id);
    assert.equal((await set.admin.post(`/people/${id}/end`, { reason: 'First.' })).status, 303);
    await page.getByLabel('Reason').fill('The harbour is closed.');
    await follow(window, () => page.getByRole('button', { name: 'Suspend 3 people' }).click());
    await page.getByText('2 done, 1 not').waitFor();
    const results = page.getByRole('table', { name: 'Results' });
    await results.getByRole('row').filter({ hasText: `Crowd Person ${numbers[0]}` }).getByText('Done', { exact: true }).waitFor();
    await results.getByRole('row').filter({ hasText: `Crowd Person ${numbers[1]}` }).getByText('Not done', { exact: true }).waitFor();
    await follow(window, () => page.getByRole('link', { name: 'Try the failed ones again' }).click());
    await page.getByRole('table', { name: 'Selected people' }).getByText(`Crowd Person ${numbers[1]}`).waitFor();
  });
}

it('the box in the head ticks the page, Shift ticks a range', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto('/people?q=crowd&size=25');
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await page.getByRole('status').filter({ hasText: '25 selected' }).waitFor();
  await page.getByRole('checkbox', { name: 'Select all on this page' }).uncheck();
  await page.getByRole('checkbox', { name: 'Select Crowd Person 003' }).check();
  await page.getByRole('checkbox', { name: 'Select Crowd Person 006' }).click({ modifiers: ['Shift'] });
  await page.getByRole('status').filter({ hasText: '4 selected' }).waitFor();
});

it('a picker searches the server and says how many it does not show', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto('/people/new');
  const field = page.getByLabel('Manager');
  await field.fill('crowd');
  await page.getByText('Showing 20 of 125', { exact: false }).waitFor();
  await field.fill('crowd 077');
  await page.getByRole('option', { name: /Crowd Person 077/ }).click();
  assert.equal(await field.inputValue(), 'crowd.077');
});
