// What the tests of a file share: one browser, and one server where its clock need not move. Each test opens windows of its
// own, and at its end none of them may have complained.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { keep, launch, open } from './browser.mjs';
import { missing } from './environment.mjs';
import { Server } from './server.mjs';

/** `engine` of the server; `set` prepares it once and its answer is in `stage.set`; `screen` false needs no browser. */
export function stage({ engine = 'sqlite', set, screen = true } = {}) {
  const stage = {};
  before(async () => {
    assert.deepEqual(missing(), [], 'variables are missing; run the tests with `cargo xtask test`');
    [stage.server, stage.browser] = await Promise.all([Server.create(engine), screen ? launch() : null]);
    stage.set = set ? await set(stage.server) : undefined;
  });
  after(async () => {
    await stage.browser?.close();
    await stage.server?.remove();
  });
  stage.test = (name, body) => test(name, () => windows(stage, name, body));
  return stage;
}

/** Each test has a server of its own whose clock can be moved; `prepare` fills it, and `body` is given what that answered. */
export function clocked(prepare) {
  let browser;
  before(async () => { browser = await launch(); });
  after(() => browser?.close());
  return (name, engine, body) => test(name, async () => {
    const server = await Server.createClocked(engine);
    try {
      const set = await prepare(server);
      await windows({ browser, server }, name, ({ open }) => body({ ...set, server, open }));
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}

/** Runs `body` with a function that opens windows, then looks whether they are clean. */
export async function windows(stage, name, body) {
  const opened = [];
  const openOne = async (look) => {
    const window = await open(stage.browser, stage.server, look);
    opened.push(window);
    return window;
  };
  try {
    await body({ open: openOne, server: stage.server, set: stage.set });
    opened.forEach((window) => window.check());
  } catch (error) {
    await Promise.all(opened.map((window, at) => keep(window, `${name} ${at}`)));
    const where = opened.map((window) => window.page.url()).join(', ');
    error.message += `\n(at ${where || stage.server.url})\nThe server’s last lines:\n${stage.server.tail(8)}`;
    throw error;
  } finally {
    await Promise.all(opened.map((window) => window.context.close()));
  }
}
