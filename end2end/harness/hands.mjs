// Two ways to use a page: with a pointer, or by keyboard alone. A walk is written once and made with either.

import assert from 'node:assert/strict';

import { assertVisible, focused, follow } from './page.mjs';

/** More stops than any page has between two controls. */
const FAR = 150;

/** Points, clicks and types. */
export function pointer(window) {
  return {
    window,
    fill: (locator, text) => locator.fill(text),
    select: (locator, label) => locator.selectOption({ label }),
    press: (locator) => locator.click(),
    follow: (locator) => follow(window, () => locator.click()),
    enter: () => follow(window, () => window.page.keyboard.press('Enter')),
  };
}

/** Tabs from control to control, sees the focus at every stop, and types. */
export function keyboard(window) {
  const { page } = window;
  const reach = async (locator) => {
    const target = await locator.elementHandle();
    for (let stop = 0; stop < FAR; stop += 1) {
      const now = await focused(window, target);
      if (now) assertVisible(now);
      if (now?.wanted) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`Tab does not lead to ${locator}`);
  };
  const press = async (locator) => {
    await reach(locator);
    await page.keyboard.press('Enter');
  };
  return {
    window,
    reach,
    press,
    fill: async (locator, text) => {
      await reach(locator);
      await page.keyboard.press('ControlOrMeta+a');
      await (text ? page.keyboard.type(text) : page.keyboard.press('Delete'));
    },
    select: async (locator, label) => {
      await reach(locator);
      await page.keyboard.type(label);
    },
    enter: () => follow(window, () => page.keyboard.press('Enter')),
    follow: async (locator) => {
      await reach(locator);
      return follow(window, () => page.keyboard.press('Enter'));
    },
  };
}
