// Roles, rules, why, as of, exclusions: with scripts on and off, on both databases. Each on a console of its own.

import { after, before, test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { pointer } from '../harness/hands.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { addPerson, done, welcome } from '../steps/company.mjs';
import { model } from '../steps/model.mjs';

const LOOKS = [
  { engine: 'sqlite', scripts: true, width: 1440 },
  { engine: 'sqlite', scripts: false, width: 390 },
  { engine: 'postgres', scripts: true, width: 390 },
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const { engine, scripts, width } of LOOKS) {
  const name = `the access model with scripts ${scripts ? 'on' : 'off'} at ${width} px on ${engine}`;
  test(name, async () => {
    const server = await Server.create(engine);
    try {
      const admin = await welcome(server);
      const person = await company(admin);
      await windows({ browser, server }, name, async ({ open }) => {
        await model(pointer(await open({ scripts, width })), { person });
      });
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}

/** An application with two entitlements, and somebody in finance. */
async function company(admin) {
  await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger' });
  for (const [name, title] of [['read', 'Read the ledger'], ['post', 'Post to the ledger']]) {
    await done(admin, '/entitlements/new', { application: 'ledger', name, display_name: title, kind: 'permission' });
  }
  return addPerson(admin, { username: 'ana.silva', display_name: 'Ana Silva', department: 'Finance' });
}
