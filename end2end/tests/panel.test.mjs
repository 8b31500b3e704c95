// The panel beside a list: by links alone, by pointer, by keyboard; on a screen and on a phone.

import assert from 'node:assert/strict';

import { assertAccessible, asAtFirst, rules } from '../harness/axe.mjs';
import { assertFocusVisible, assertNoOverflow, follow, path } from '../harness/page.mjs';
import { stage } from '../harness/stage.mjs';
import { company, crowd, done } from '../steps/company.mjs';
import { names, range } from '../steps/lists.mjs';

const { test: it } = stage({
  set: async (server) => {
    const people = await company(server);
    const admin = people.admin.client;
    await crowd(admin, 30);
    await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger', description: 'Books every invoice.', owner: 'mara.chief', criticality: 'high' });
    await done(admin, '/entitlements/new', {
      application: 'ledger', name: 'invoice.post', display_name: 'Post invoices', kind: 'permission', actions: 'write', resource_type: 'invoice', risk: 'high', owner: 'mara.chief',
    });
    return { ...people, admin, init: await rules() };
  },
});

/** The panel, when it shows somebody. */
const panel = ({ page }, name) => page.getByRole('complementary', { name });
const look = ({ page }, name) => page.getByRole('link', { name: `Quick look: ${name}` });

/** The heading of the panel has the focus, so that reading goes on there. */
async function assertHeadingFocused({ page }) {
  let id = '';
  for (let attempt = 0; attempt < 100 && id !== 'panel-title'; attempt += 1) {
    id = await page.evaluate(() => document.activeElement?.id ?? '');
    if (id !== 'panel-title') await page.evaluate(() => new Promise((next) => { setTimeout(next, 20); })).catch(() => {});
  }
  assert.equal(id, 'panel-title', 'the heading of the panel has the focus');
}

for (const scripts of [true, false]) {
  const how = `scripts ${scripts ? 'on' : 'off'}`;

  it(`a row opens beside its list and leads to its neighbours, ${how}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    const { page } = window;
    await window.goto('/people?q=crowd&size=25&sort=name');
    const [listed, said] = [await names(window), await range(window)];
    await follow(window, () => look(window, 'Crowd Person 002').click());
    assert.match(path(window), /^\/people\?q=crowd&sort=name&size=25&panel=idn_\w+$|^\/people\?(?=.*q=crowd)(?=.*size=25)(?=.*panel=idn_)/);
    await panel(window, 'Crowd Person 002').waitFor();
    if (scripts) await assertHeadingFocused(window);
    assert.deepEqual(await names(window), listed, 'the list stays as it was');
    assert.equal(await range(window), said);
    assert.equal(await look(window, 'Crowd Person 002').getAttribute('aria-current'), 'true');
    await panel(window, 'Crowd Person 002').getByText('crowd.002').first().waitFor();
    await assertNoOverflow(window, 'the list with its panel');
    await follow(window, () => panel(window, 'Crowd Person 002').getByRole('link', { name: 'Next row' }).click());
    await panel(window, 'Crowd Person 003').waitFor();
    await follow(window, () => panel(window, 'Crowd Person 003').getByRole('link', { name: 'Previous row' }).click());
    await follow(window, () => panel(window, 'Crowd Person 002').getByRole('link', { name: 'Previous row' }).click());
    await panel(window, 'Crowd Person 001').waitFor();
    assert.equal(await panel(window, 'Crowd Person 001').getByRole('link', { name: 'Previous row' }).count(), 0, 'nothing is before the first');
    const full = await panel(window, 'Crowd Person 001').getByRole('link', { name: 'Open full page' }).getAttribute('href');
    assert.match(full, /^\/people\/idn_\w+$/);
    await follow(window, () => panel(window, 'Crowd Person 001').getByRole('link', { name: 'Close' }).click());
    assert.doesNotMatch(path(window), /panel=/);
    assert.deepEqual(await names(window), listed);
    await page.goBack({ waitUntil: 'load' });
    await panel(window, 'Crowd Person 001').waitFor();
  });

  it(`the panel goes over the border of a page, ${how}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    await window.goto('/people?q=crowd&size=25');
    await follow(window, () => look(window, 'Crowd Person 025').click());
    await follow(window, () => panel(window, 'Crowd Person 025').getByRole('link', { name: 'Next row' }).click());
    await panel(window, 'Crowd Person 026').waitFor();
    assert.match(await range(window), /^26–30 of 30$/);
    await follow(window, () => panel(window, 'Crowd Person 026').getByRole('link', { name: 'Previous row' }).click());
    await panel(window, 'Crowd Person 025').waitFor();
    assert.match(await range(window), /^1–25 of 30$/);
  });

  it(`applications and entitlements open the same way, ${how}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    for (const [list, name, inside] of [['/applications', 'Ledger', 'Books every invoice.'], ['/entitlements', 'Post invoices', 'invoice.post']]) {
      await window.goto(list);
      await follow(window, () => look(window, name).click());
      await panel(window, name).getByText(inside).first().waitFor();
      await follow(window, () => panel(window, name).getByRole('link', { name: 'Open full page' }).click());
      await window.page.getByRole('heading', { level: 1, name }).waitFor();
    }
  });

  it(`an address whose row is not there shows the list and says so, ${how}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts });
    const answer = await window.goto('/people?q=crowd&panel=idn_zzzzzzzzzz');
    assert.equal(answer.status(), 200);
    await window.page.getByText('What this address opens was not found', { exact: false }).waitFor();
    assert.equal(await window.page.getByRole('complementary', { name: 'Crowd' }).count(), 0);
    assert.equal((await names(window)).length, 30);
  });

  it(`on a phone the panel is the page, and closing it leads back, ${how}`, async ({ open, set }) => {
    const window = await open({ as: set.admin, scripts, width: 390 });
    const { page } = window;
    await window.goto('/people?q=crowd&size=25&panel=first');
    await panel(window, 'Crowd Person 001').waitFor();
    await assertNoOverflow(window, 'the panel on a phone');
    assert.equal(await page.getByRole('table').first().isVisible(), false, 'there is room for one of the two');
    await follow(window, () => panel(window, 'Crowd Person 001').getByRole('link', { name: 'Next row' }).click());
    await panel(window, 'Crowd Person 002').waitFor();
    await follow(window, () => panel(window, 'Crowd Person 002').getByRole('link', { name: 'Close' }).click());
    await page.getByRole('rowheader').getByRole('link', { name: 'Crowd Person 002' }).waitFor();
  });
}

it('what somebody may not see is missing in the panel, too', async ({ open, set }) => {
  const window = await open({ as: set.employee.client });
  await window.goto(`/people?panel=${set.manager.id}`);
  await window.page.getByText('What this address opens was not found', { exact: false }).waitFor();
});

it('a click on the free space of a row opens it, a selection of its text does not', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto('/people?q=crowd');
  const row = page.getByRole('row').filter({ hasText: 'Crowd Person 004' });
  const word = await row.getByText('Stores', { exact: true }).boundingBox();
  await page.mouse.move(word.x + 1, word.y + word.height / 2);
  await page.mouse.down();
  await page.mouse.move(word.x + word.width - 1, word.y + word.height / 2, { steps: 5 });
  await page.mouse.up();
  assert.equal(await page.evaluate(() => getSelection().toString().trim()), 'Stores');
  assert.doesNotMatch(path(window), /panel=/, 'whoever marks a word wants no panel');
  await page.mouse.click(5, 5);
  await follow(window, () => row.getByText('Active', { exact: true }).click());
  await panel(window, 'Crowd Person 004').waitFor();
});

it('o and Space open the row that has the focus, Escape closes it and gives the focus back', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto('/people?q=crowd&size=25');
  const links = page.getByRole('rowheader').getByRole('link');
  await links.first().focus();
  await page.keyboard.press('j');
  await follow(window, () => page.keyboard.press('o'));
  await panel(window, 'Crowd Person 002').waitFor();
  await assertHeadingFocused(window);
  await follow(window, () => page.keyboard.press('Escape'));
  assert.doesNotMatch(path(window), /panel=/);
  await assertFocusVisible(window);
  const inRow = await page.evaluate(() => document.activeElement.closest('tr')?.textContent ?? '');
  assert.match(inRow, /Crowd Person 002/, 'the focus is back in the row');
  await page.keyboard.press('j');
  await follow(window, () => page.keyboard.press('Space'));
  await panel(window, 'Crowd Person 003').waitFor();
  await assertHeadingFocused(window);
  await page.keyboard.press('Tab');
  const now = await assertFocusVisible(window);
  assert.match(now.what, /<a\b|<button\b|<summary\b/, 'the next stop is a control');
  const inside = await page.evaluate(() => document.activeElement.closest('aside.panel') !== null);
  assert.ok(inside, 'and it is in the panel');
  await follow(window, () => page.keyboard.press('Escape'));
  await page.getByRole('checkbox', { name: 'Select Crowd Person 003' }).focus();
  await page.keyboard.press('Space');
  assert.equal(await page.getByRole('checkbox', { name: 'Select Crowd Person 003' }).isChecked(), true, 'a box keeps Space for itself');
  assert.doesNotMatch(path(window), /panel=/);
});

it('a narrow window lays the panel over the list, which then cannot be reached', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await page.setViewportSize({ width: 1000, height: 800 });
  await window.goto('/people?q=crowd&panel=first');
  await panel(window, 'Crowd Person 001').waitFor();
  await assertNoOverflow(window, 'the panel over the list');
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press('Tab');
    const behind = await page.evaluate(() => document.activeElement?.closest('.beside-list') !== null && document.activeElement !== document.body);
    assert.ok(!behind, 'the focus does not go behind the panel');
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('rowheader').getByRole('link', { name: 'Crowd Person 002' }).focus();
  await assertFocusVisible(window);
});

for (const [list, id] of [['/people?q=crowd', 'people'], ['/applications', 'applications'], ['/entitlements', 'entitlements']]) {
  it(`axe has nothing to say about ${id} with an open panel`, async ({ open, set }) => {
    const window = await open({ as: set.admin, init: set.init });
    await window.goto(`${list}${list.includes('?') ? '&' : '?'}panel=first`);
    await window.page.locator('#panel-title').waitFor();
    await assertAccessible(window, `${id} with an open panel`);
    await asAtFirst(window);
  });
}
