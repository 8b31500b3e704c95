// Asking for access in the catalogue, the same as a colleague, and giving back: with scripts on and off, on both databases;
// and the screens as axe-core sees them.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { rules } from '../harness/axe.mjs';
import { launch } from '../harness/browser.mjs';
import { pointer } from '../harness/hands.mjs';
import { screens } from '../harness/screens.mjs';
import { Server } from '../harness/server.mjs';
import { stage, windows } from '../harness/stage.mjs';
import { catalogue, colleague, company, giveBack } from '../steps/catalogue.mjs';
import { done, welcome } from '../steps/company.mjs';

const LOOKS = [
  { engine: 'sqlite', scripts: true, width: 1440 },
  { engine: 'sqlite', scripts: false, width: 390 },
  { engine: 'postgres', scripts: true, width: 390 },
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const { engine, scripts, width } of LOOKS) {
  const name = `asking for access with scripts ${scripts ? 'on' : 'off'} at ${width} px on ${engine}`;
  test(name, async () => {
    const server = await Server.create(engine);
    try {
      const set = await company(server, await welcome(server));
      await windows({ browser, server }, name, async ({ open }) => {
        const hands = pointer(await open({ scripts, width, as: set.ana.client }));
        await catalogue(hands, set);
        await colleague(hands);
        await giveBack(hands);
      });
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}

/** A full console, and one form that is sent twice. */
async function everything(server) {
  const admin = await welcome(server);
  const set = await company(server, admin);
  const { client } = set.ana;
  for (const add of [set.ids.post, set.ids.pay]) await done(client, '/request/cart', { add, back: '/request' });
  const form = { for: set.ana.id, [`${set.ana.id}-reason`]: 'The audit', [`${set.ana.id}-days-0`]: '30', what: set.ids.post, send: 'yes', idem: randomUUID() };
  const first = await client.post('/request/cart', { ...form, idem: form.idem });
  const second = await client.post('/request/cart', form);
  assert.deepEqual([first.status, second.status], [303, 303]);
  assert.equal(first.location, second.location, 'sent twice, one request');
  for (const add of [set.ids.read]) await done(client, '/request/cart', { add, back: '//elsewhere.example' });
  const init = await rules();
  return { ...set, init, admin: { client: admin } };
}

const shared = stage({ set: everything });
const screen = screens(shared);
const ana = { as: 'ana' };
screen('my access', '/me', ana);
screen('my access, empty', '/me', { as: 'bo' });
screen('the catalogue', '/request', ana);
screen('the catalogue with filters', '/request?filters=open&risk=low', ana);
screen('the catalogue, nothing found', '/request?q=ledger+invoces', ana);
screen('the catalogue for somebody else', (set) => `/request?for=${set.ana.id}`, { as: 'bo' });
screen('one thing of the catalogue', (set) => `/request/${set.ids.pay}`, ana);
screen('the same as a colleague', (set) => `/request/same?as=${set.ben}`, ana);
screen('the same as a colleague, nobody chosen', '/request/same', ana);
screen('a cart', '/request/cart', ana);
screen('an empty cart', '/request/cart', { as: 'bo' });
screen('a cart with mistakes', '/request/cart', {
  ...ana, status: 422,
  act: async ({ page }) => {
    const arrived = page.waitForNavigation({ waitUntil: 'load' });
    await page.getByRole('main').getByRole('button', { name: /^Send/ }).click();
    return arrived;
  },
});
