// How long after a key the decision that it stages is in the page and laid out, in milliseconds: one line for each key.
// `node measure/keys.mjs URL PATH KEYS`; the cookie of the session comes from standard input.

import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

import { launch, open } from '../harness/browser.mjs';

const [url, path, keys] = process.argv.slice(2);
const [name, value] = (await text(process.stdin)).trim().split('=', 2);
const session = { browserCookies: () => [{ name, value, url, httpOnly: true, sameSite: 'Lax' }] };
/** Long enough for the browser to be idle again: somebody who decides looks at the row first. */
const LOOK = 150;

const browser = await launch();
try {
  const window = await open(browser, { url }, { as: session });
  const { page } = window;
  await window.goto(path);
  await page.evaluate(() => {
    const times = [];
    Object.assign(globalThis, { times });
    let row;
    const left = '[data-row]:not([data-state])';
    const here = () => document.activeElement?.closest('[data-row]') ?? document.querySelector(left);
    addEventListener('keydown', () => { row = here(); }, { capture: true });
    Object.assign(globalThis, { here });
    addEventListener('keydown', (event) => {
      row?.getBoundingClientRect();
      times.push({ state: row?.dataset.state, taken: performance.now() - event.timeStamp });
    });
  });
  const rows = await page.locator('[data-row]').count();
  assert.ok(rows > Number(keys), `${path} has ${rows} rows, which are not enough for ${keys} keys`);
  const expected = [];
  for (let n = 0; n < Number(keys); n += 1) {
    // What is flagged is kept with a reason only, so it is revoked.
    const flagged = await page.evaluate(() => globalThis.here().hasAttribute('data-flagged'));
    expected.push(flagged ? 'revoke' : 'keep');
    await page.keyboard.press(flagged ? 'r' : 'a');
    await pause(LOOK);
  }
  const times = await page.evaluate(() => globalThis.times);
  assert.deepEqual(times.map(({ state }) => state), expected, 'each key stages what it means');
  for (const { taken } of times) console.log(taken);
} finally {
  await browser.close();
}
