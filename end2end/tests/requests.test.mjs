// Requests from the question to the end of the access, on a server whose clock is moved: with scripts on and off, on both
// databases; an approver who leaves; and a queue that is worked off by keyboard alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { keyboard, pointer } from '../harness/hands.mjs';
import { focused, follow } from '../harness/page.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { ADMIN, done, signIn, welcome } from '../steps/company.mjs';
import { DAY, agrees, ask, asks, company, decides, has, hasNot, logged, story } from '../steps/requests.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** A test on a server of its own whose clock can be moved. */
function clocked(name, engine, body) {
  test(name, async () => {
    const server = await Server.createClocked(engine);
    try {
      const admin = await welcome(server);
      await windows({ browser, server }, name, ({ open }) => body({ server, admin, open }));
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}

for (const { engine, scripts } of [{ engine: 'sqlite', scripts: true }, { engine: 'postgres', scripts: false }]) {
  clocked(`a request from its question to its end with scripts ${scripts ? 'on' : 'off'} on ${engine}`, engine, async ({ server, admin, open }) => {
    const { ana, bo, olga } = await company(server, admin);
    const employee = pointer(await open({ scripts, as: ana.client }));
    const request = await asks(employee);
    await decides(pointer(await open({ scripts, width: 390, as: bo.client })));
    await agrees(pointer(await open({ scripts, as: olga.client })));
    await has(employee);
    await server.advance(31 * DAY);
    // Sessions ended with the month.
    const again = pointer(await open({ scripts, as: await signIn(server, ana) }));
    await hasNot(again);
    await story(again, request);
    const auditor = pointer(await open({ scripts, as: await signIn(server, ADMIN) }));
    await logged(auditor, request, ana.id);
  });
}

clocked('a request whose approver left yesterday reaches somebody else', 'sqlite', async ({ server, admin, open }) => {
  const { ana, bo, ids } = await company(server, admin);
  const request = await ask(ana.client, ana.id, ids.slice(0, 1));
  const today = new Date().toISOString().slice(0, 10);
  await done(admin, `/people/${bo.id}/end`, { last_day: today, reason: 'Retires.' });
  await server.advance(2 * DAY);
  const { window: { page, goto } } = pointer(await open({ as: await signIn(server, ADMIN) }));
  await goto(request);
  await page.getByText(`Waits for ${ADMIN.name}`, { exact: true }).waitFor();
  await page.getByText('It waits for Bo Lind').waitFor();
  await goto('/inbox');
  await page.getByRole('list', { name: 'What waits for you' }).getByRole('link', { name: /Post invoices/ }).waitFor();
});

const TEN = Array.from({ length: 10 }, (_, at) => `Thing ${String(at + 1).padStart(2, '0')}`);

clocked('ten things are decided by keyboard alone', 'sqlite', async ({ server, admin, open }) => {
  const { ana, bo, ids } = await company(server, admin, TEN);
  const request = await ask(ana.client, ana.id, ids);
  const window = await open({ as: bo.client });
  const { page } = window;
  const hands = keyboard(window);
  const queue = page.getByRole('list', { name: 'What waits for you' }).getByRole('link');
  const current = () => page.locator('#pane-title').innerText();
  const isIn = async (selector) => {
    const there = page.waitForFunction((wanted) => document.activeElement?.closest(wanted) !== null, selector, { timeout: 5_000 });
    await there.catch(async () => assert.fail(`the focus is not in ${selector}: ${(await focused(window))?.what} at ${page.url()}`));
  };
  await window.goto('/inbox');
  assert.equal(await queue.count(), 10);
  await hands.reach(queue.first());
  for (const [key, at] of [['j', 1], ['j', 2], ['k', 1]]) {
    await page.keyboard.press(key);
    assert.equal(await queue.nth(at).evaluate((element) => element === document.activeElement), true, `${key} leads to row ${at + 1}`);
  }
  await hands.enter();
  await isIn('.inbox-pane');
  for (let left = 10; left > 0; left -= 1) {
    assert.equal(await queue.count(), left);
    const before = await current();
    if (left % 3 === 0) {
      await page.keyboard.press('r');
      await isIn('textarea');
      await page.keyboard.type('Not needed for this work.');
      await page.keyboard.press('Tab');
      await follow(window, () => page.keyboard.press('Enter'));
    } else {
      await follow(window, () => page.keyboard.press('a'));
    }
    if (left === 1) break;
    await isIn('.inbox-pane');
    assert.notEqual(await current(), before, 'the next thing is open');
    if (left === 8) {
      await follow(window, () => page.keyboard.press('k'));
      await isIn('.inbox-pane');
      await follow(window, () => page.keyboard.press('j'));
      await isIn('.inbox-pane');
    }
  }
  await page.getByText('Nothing waits for you').first().waitFor();
  const { body } = await ana.client.get(request);
  const times = (words) => body.split(words).length - 1;
  assert.deepEqual([times('Bo Lind approved it'), times('Bo Lind rejected it')], [7, 3]);
});

clocked('on a phone nothing that has the focus lies under the bar', 'sqlite', async ({ server, admin, open }) => {
  const { ana, bo, ids } = await company(server, admin);
  await ask(ana.client, ana.id, ids);
  const window = await open({ as: bo.client, width: 390 });
  const { page } = window;
  const item = (await bo.client.get('/inbox')).body.match(/rqi_\w+/)[0];
  for (const place of [`/inbox?item=${item}`, `/inbox/${item}`]) {
    await window.goto(place);
    await page.keyboard.press('Tab');
    // Every stop on the way is looked at.
    await keyboard(window).reach(page.getByRole('main').getByRole('button', { name: 'Write' }));
    await keyboard(window).reach(page.getByRole('group', { name: 'Decide' }).locator('summary', { hasText: 'Delegate' }));
  }
});
