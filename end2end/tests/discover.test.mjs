// Roles found in what people have: with scripts on and off, on both databases. Each on a console of its own.

import { after, before, test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { pointer } from '../harness/hands.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { assertVerified } from '../steps/commands.mjs';
import { welcome } from '../steps/company.mjs';
import { access, discover } from '../steps/discover.mjs';

const LOOKS = [
  { engine: 'sqlite', scripts: true, width: 1440 },
  { engine: 'sqlite', scripts: false, width: 390 },
  { engine: 'postgres', scripts: true, width: 390 },
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const { engine, scripts, width } of LOOKS) {
  const name = `roles in present access with scripts ${scripts ? 'on' : 'off'} at ${width} px on ${engine}`;
  test(name, async () => {
    const server = await Server.create(engine);
    try {
      await access(await welcome(server));
      await windows({ browser, server }, name, async ({ open }) => {
        await discover(pointer(await open({ scripts, width })));
      });
      await server.stop();
      await assertVerified(server, 'after drafts were made');
    } finally {
      await server.remove();
    }
  });
}
