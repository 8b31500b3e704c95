// The first walk with scripts on and off, on a screen and on a phone, on both databases. Each on an empty console.

import { after, before, test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { pointer } from '../harness/hands.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { walk } from '../steps/walk.mjs';

const LOOKS = [
  { engine: 'sqlite', scripts: true, width: 1440 },
  { engine: 'sqlite', scripts: true, width: 390 },
  { engine: 'sqlite', scripts: false, width: 1440 },
  { engine: 'sqlite', scripts: false, width: 390 },
  { engine: 'postgres', scripts: true, width: 1440 },
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const { engine, scripts, width } of LOOKS) {
  const name = `the first walk with scripts ${scripts ? 'on' : 'off'} at ${width} px on ${engine}`;
  test(name, async () => {
    const server = await Server.create(engine);
    try {
      await windows({ browser, server }, name, async ({ open }) => {
        await walk(pointer(await open({ scripts, width })), server);
      });
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}
