// Menus and panels that lie over the page: open without scripts, and with scripts closed by a click elsewhere or Escape.

import assert from 'node:assert/strict';

import { follow, path } from '../harness/page.mjs';
import { stage } from '../harness/stage.mjs';
import { company, crowd } from '../steps/company.mjs';

const { test: it } = stage({
  set: async (server) => {
    const people = await company(server);
    const admin = people.admin.client;
    await crowd(admin, 3);
    return { ...people, admin };
  },
});

const summary = ({ page }, text) => page.locator('summary').filter({ hasText: text });
const isOpen = (button) => button.evaluate((element) => element.parentElement.open);
const hasFocus = (button) => button.evaluate((element) => element === document.activeElement);

for (const text of ['Columns', 'Account']) {
  it(`a click elsewhere closes ${text}, one inside does not`, async ({ open, set }) => {
    const window = await open({ as: set.admin });
    await window.goto('/people?q=crowd');
    const button = summary(window, text);
    await button.click();
    assert.equal(await isOpen(button), true);
    await button.locator('xpath=following-sibling::*').click({ position: { x: 2, y: 2 } });
    assert.equal(await isOpen(button), true, 'it is being used');
    await window.page.getByRole('heading', { level: 1 }).click();
    assert.equal(await isOpen(button), false);
    assert.equal(path(window), '/people?q=crowd', 'nothing else happened');
  });

  it(`Escape closes ${text} and leads back to its button`, async ({ open, set }) => {
    const window = await open({ as: set.admin });
    const { page } = window;
    await window.goto('/people?q=crowd&panel=first');
    const shown = path(window);
    const button = summary(window, text);
    await button.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.equal(await hasFocus(button), false);
    await page.keyboard.press('Escape');
    assert.deepEqual([await isOpen(button), await hasFocus(button)], [false, true]);
    assert.equal(path(window), shown, 'the panel beside the list stays: one Escape closes one thing');
  });
}

it('opening one menu closes the other', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  await window.goto('/people?q=crowd');
  const [account, columns] = [summary(window, 'Account'), summary(window, 'Columns')];
  await account.focus();
  await window.page.keyboard.press('Enter');
  await columns.click();
  assert.deepEqual([await isOpen(account), await isOpen(columns)], [false, true]);
});

it('Escape closes the filters and leaves the panel beside the list', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto('/people?q=crowd&panel=first');
  const shown = path(window);
  const button = page.getByRole('link', { name: 'Filter', exact: true });
  await follow(window, async () => {
    await button.focus();
    await page.keyboard.press('Enter');
  });
  await page.getByRole('heading', { name: 'Department' }).waitFor();
  assert.equal(await hasFocus(button), true, 'the next Tab leads to the values');
  await page.keyboard.press('Escape');
  assert.equal(path(window), shown);
  assert.equal(await page.getByRole('heading', { name: 'Department' }).count(), 0);
  assert.equal(await hasFocus(button), true);
});

it('a click beside the filters closes them, one inside does not, and they open again', async ({ open, set }) => {
  const window = await open({ as: set.admin });
  const { page } = window;
  await window.goto('/people?q=crowd');
  const button = page.getByRole('link', { name: 'Filter', exact: true });
  const department = page.getByRole('heading', { name: 'Department' });
  await follow(window, () => button.click());
  await department.click();
  assert.equal(await department.count(), 1, 'it is being used');
  await page.getByRole('heading', { level: 1 }).click();
  assert.equal(await department.count(), 0);
  assert.deepEqual([path(window), await button.getAttribute('aria-expanded')], ['/people?q=crowd', 'false']);
  await follow(window, () => button.click());
  assert.equal(await department.count(), 1);
});
