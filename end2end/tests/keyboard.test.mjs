// The console without a mouse: the whole walk by keyboard, and the shortcuts.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { keyboard } from '../harness/hands.mjs';
import { assertFocusVisible, follow, path } from '../harness/page.mjs';
import { Server } from '../harness/server.mjs';
import { stage, windows } from '../harness/stage.mjs';
import { company } from '../steps/company.mjs';
import { assertFlash, assertHeading } from '../steps/places.mjs';
import { walk } from '../steps/walk.mjs';

test('the first walk by keyboard alone', async () => {
  const [browser, server] = await Promise.all([launch(), Server.create()]);
  try {
    await windows({ browser, server }, 'keyboard walk', async ({ open }) => walk(keyboard(await open()), server));
  } finally {
    await browser.close();
    await server.remove();
  }
});

const { test: it } = stage({ set: company });

it('a slash leads to the search of the list, and Enter runs it', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  await window.goto('/people');
  await page.keyboard.press('/');
  await assertFocusVisible(window);
  await page.keyboard.type('frost');
  assert.equal(await page.getByRole('searchbox', { name: 'Search people' }).inputValue(), 'frost', 'the slash itself is not typed');
  await follow(window, () => page.keyboard.press('Enter'));
  assert.equal(path(window), '/people?q=frost');
  await page.getByRole('rowheader').getByRole('link', { name: 'Emil Frost' }).waitFor();
});

it('the palette opens, finds a person, goes there, and gives the focus back when closed', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  await window.goto('/people');
  const add = page.getByRole('link', { name: 'Add person' });
  await add.focus();
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Search or jump' });
  await palette.getByRole('combobox').waitFor();
  await assertFocusVisible(window);
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });
  assert.equal(await add.evaluate((element) => element === document.activeElement), true, 'the focus is where it was');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('emil');
  const option = palette.getByRole('option', { name: /Emil Frost/ });
  await option.waitFor();
  while (await option.getAttribute('aria-selected') !== 'true') await page.keyboard.press('ArrowDown');
  await follow(window, () => page.keyboard.press('Enter'));
  assert.equal(path(window), `/people/${set.employee.id}`);
});

it('g and a letter go to a place, ? to the list of keys', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  const places = { a: '/audit', p: '/people', s: '/applications', e: '/entitlements', l: '/roles', b: '/rules', r: '/request', m: '/me', o: '/overview', c: '/accounts', u: '/access', f: '/findings', i: '/inbox', d: '/sources', j: '/jobs' };
  await window.goto('/people');
  for (const [key, place] of Object.entries(places)) {
    await page.keyboard.press('g');
    await follow(window, () => page.keyboard.press(key));
    assert.equal(path(window), place);
  }
  await follow(window, () => page.keyboard.press('?'));
  assert.equal(path(window), '/help/keys');
});

it('keys in a list move, tick and turn pages only while the focus is in it', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  await window.goto('/people');
  const links = page.getByRole('rowheader').getByRole('link');
  await page.keyboard.press('x');
  assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 0, 'outside of the list x means nothing');
  await links.first().focus();
  await page.keyboard.press('j');
  assert.equal(await links.nth(1).evaluate((element) => element === document.activeElement), true);
  await assertFocusVisible(window);
  await page.keyboard.press('x');
  assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 1);
  await page.getByRole('status').filter({ hasText: '1 selected' }).waitFor();
  await page.keyboard.press('k');
  await follow(window, () => page.keyboard.press('Enter'));
  assert.match(path(window), /^\/people\/idn_/);
});

it('Ctrl-Enter sends a form from any of its fields', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  await window.goto(`/people/${set.employee.id}/edit`);
  await page.getByLabel('Title').fill('Senior clerk');
  await follow(window, () => page.keyboard.press('ControlOrMeta+Enter'));
  assert.equal(path(window), `/people/${set.employee.id}`);
  await page.getByText('Senior clerk').first().waitFor();
});

it('single keys can be switched off, and then mean nothing', async ({ open, set }) => {
  const window = await open({ as: set.manager.client });
  const { page } = window;
  const hands = keyboard(window);
  await window.goto('/me/preferences');
  const choice = page.getByRole('checkbox', { name: 'Shortcuts of a single key' });
  const on = await choice.isChecked();
  await hands.reach(choice);
  await page.keyboard.press('Space');
  assert.notEqual(await choice.isChecked(), on);
  await hands.follow(page.getByRole('button', { name: 'Save preferences' }));
  await assertFlash(window, 'Preferences saved.');
  await window.goto('/people');
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.keyboard.press('/');
  await page.keyboard.press('?');
  await assertHeading(window, 'My team');
  assert.equal(await page.getByRole('searchbox').evaluate((element) => element === document.activeElement), false);
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog', { name: 'Search or jump' }).waitFor();
});

it('the skip link leads past the navigation', async ({ open, set }) => {
  const window = await open({ as: set.admin.client });
  const { page } = window;
  await window.goto('/people');
  await page.keyboard.press('Tab');
  const now = await assertFocusVisible(window);
  assert.match(now.what, /Skip to content/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const inside = await page.evaluate(() => document.activeElement.closest('main') !== null);
  assert.ok(inside, 'the next stop is in the content');
});
