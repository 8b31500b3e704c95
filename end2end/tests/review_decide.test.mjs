// Deciding in a review: by keyboard alone, and with scripts off; what is staged is seen at once and is final only when it is
// submitted.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { follow } from '../harness/page.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { ADMIN, done, welcome } from '../steps/company.mjs';
import { company } from '../steps/requests.mjs';

const NAMES = Array.from({ length: 12 }, (_, at) => `Thing ${at + 1}`);
const MINUTE = 60_000;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Ana has twelve things, and Bo, her manager, is to decide on them. */
function reviewed(name, engine, body) {
  test(name, async () => {
    const server = await Server.createClocked(engine);
    try {
      const admin = await welcome(server);
      const { ana, bo, ids } = await company(server, admin, NAMES);
      for (const what of ids) await done(admin, `/people/${ana.id}/give`, { what, reason: 'For the close' });
      await server.review(ADMIN.username, 'Autumn');
      await windows({ browser, server }, name, ({ open }) => body({ server, bo, open }));
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}

/** The address of the review, from the inbox. */
async function review(window) {
  const link = window.page.getByRole('list', { name: 'Reviews that wait for you' }).getByRole('link');
  // Its population is frozen by a job.
  for (const until = Date.now() + 20_000; Date.now() < until;) {
    await window.goto('/inbox');
    if (await link.count() > 0) return link.getAttribute('href');
  }
  return assert.fail('no review waits');
}

reviewed('ten items are decided by keyboard alone in under a minute', 'sqlite', async ({ bo, open }) => {
  const window = await open({ as: bo.client });
  const { page } = window;
  await window.goto(await review(window));
  const rows = page.locator('[data-row]');
  assert.equal(await rows.count(), NAMES.length);
  const at = () => page.evaluate(() => document.activeElement?.closest('[data-row]')?.id ?? '');
  const began = Date.now();
  for (let n = 0; n < 10; n += 1) {
    const here = await at();
    assert.ok(here, 'the focus is in a row');
    // What is staged is there when the key has been answered, before the next frame and whatever the server says later.
    const state = await page.evaluate(([key, row]) => {
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      return document.getElementById(row).dataset.state;
    }, [n % 3 === 2 ? 'r' : 'a', here]);
    assert.equal(state, n % 3 === 2 ? 'revoke' : 'keep');
    assert.notEqual(await at(), here, 'the focus goes on');
  }
  assert.ok(Date.now() - began < MINUTE);
  await page.locator('#sitting-submit [data-count=staged]').getByText('10', { exact: true }).waitFor();
  await page.keyboard.press('z');
  await page.locator('#sitting-submit [data-count=staged]').getByText('9', { exact: true }).waitFor();
  await page.keyboard.press('a');
  await page.locator('#sitting-submit [data-count=staged]').getByText('10', { exact: true }).waitFor();
  await follow(window, () => page.keyboard.press('Control+Enter'));
  await page.getByRole('heading', { name: 'Submit 10 decisions' }).waitFor();
  await page.getByRole('checkbox').check();
  await follow(window, () => page.getByRole('button', { name: 'Submit 10 decisions' }).click());
  await page.getByRole('heading', { name: 'Submitted' }).waitFor();
  await window.goto(await review(window));
  await page.getByText('10 submitted').waitFor();
});

reviewed('without scripts every decision is a form', 'postgres', async ({ bo, open }) => {
  const window = await open({ scripts: false, width: 390, as: bo.client });
  const { page } = window;
  await window.goto(await review(window));
  const row = page.locator('[data-row]').first();
  await follow(window, () => row.getByRole('button', { name: 'Revoke', exact: true }).click());
  assert.equal(await row.getAttribute('data-state'), 'revoke');
  await follow(window, () => page.getByRole('button', { name: 'Keep all unflagged' }).click());
  await page.getByText('Staged to be kept').first().waitFor();
  await follow(window, () => page.locator('#sitting-submit').click());
  await follow(window, () => page.getByRole('button', { name: /^Submit/ }).click());
  await page.getByText('Tick the box above the button').first().waitFor();
  await page.getByRole('checkbox').check();
  await follow(window, () => page.getByRole('button', { name: /^Submit/ }).click());
  await page.getByRole('heading', { name: 'Submitted' }).waitFor();
});
