// One test for each screen: who looks, where, and what is done there before axe looks at it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asAtFirst, assertAccessible } from './axe.mjs';
import { keep, open } from './browser.mjs';
import { follow } from './page.mjs';

/**
 * Answers `screen(name, address, { as, status, act })`. `shared` is a stage whose set has `init`, the rules of axe, and
 * people with a `client` each. One window for each kind of person: a fresh one for every screen would take as long as
 * looking.
 */
export function screens(shared) {
  const kept = new Map();
  return (name, address, { as = 'admin', status = 200, act } = {}) => {
    test(name, async () => {
      const { set, server, browser } = shared;
      if (!kept.has(as)) kept.set(as, await open(browser, server, { as: set[as]?.client, init: set.init }));
      const window = kept.get(as);
      try {
        await asAtFirst(window);
        const where = typeof address === 'function' ? address(set) : address;
        const response = await window.goto(where);
        assert.equal((act ? (await act(window, set)) ?? response : response).status(), status, `${where} answers something else`);
        await assertAccessible(window, name);
        window.check();
      } catch (error) {
        await keep(window, name);
        kept.delete(as);
        await window.context.close();
        throw error;
      }
    });
  };
}

/** Presses a button of the content that leads to another page. */
export const press = (label) => (window) => follow(window, () => window.page.getByRole('main').getByRole('button', { name: label }).first().click());

/** Opens something of the content. */
export const reveal = (find) => async (window, set) => { await find(window.page, set).click(); };
