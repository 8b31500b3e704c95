// An import as a job of the server: it can be left and found again, called off before it writes, and survives a server
// that is killed in the middle.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { words } from '../harness/client.mjs';
import { Server } from '../harness/server.mjs';
import { assertVerified, counted, countedOf } from '../steps/commands.mjs';
import { done, welcome } from '../steps/company.mjs';
import { ask, makeSource, reaches, upload } from '../steps/imports.mjs';
import { organisation } from '../steps/organisation.mjs';
import { reckon } from '../steps/reckoning.mjs';

/** A lease must run out after each, so that they are few. */
const KILLS = 2;
const plain = (files) => ({ ...files, 'identities.csv': files['identities.csv'].replace(/\blogin\b/, 'username') });

for (const engine of ['sqlite', 'postgres']) {
  test(`a server that is killed while it imports goes on when it is there again, on ${engine}`, async () => {
    const files = plain(organisation({ seed: 13, people: 900, grants: 15_000 }));
    const server = await Server.create(engine);
    try {
      const admin = await welcome(server);
      const source = await makeSource(admin, 'Files');
      const run = await upload(admin, source, files);
      const begun = Date.now();
      await ask(admin, run, 'check', 'Checked');
      const half = Date.now() - begun;
      await done(admin, `${run}/apply`, {});
      for (let kill = 1; kill <= KILLS; kill += 1) {
        await reaches(admin, run, 'Applying');
        await pause(half * 0.2 * kill);
        await server.kill();
        await server.start();
      }
      await reaches(admin, run, 'Applied');
      await server.stop();
      assert.deepEqual(await counted(server), countedOf(reckon(files), 1));
      await assertVerified(server, 'after an import that was killed');
      await server.start();
    } finally {
      await server.remove();
    }
  });
}

test('a run is called off before it writes, and changes nothing', async () => {
  const server = await Server.create();
  try {
    const admin = await welcome(server);
    const source = await makeSource(admin, 'Files');
    const run = await upload(admin, source, plain(organisation()));
    await ask(admin, run, 'check', 'Checked');
    await done(admin, `${run}/cancel`, {});
    await reaches(admin, run, 'Cancelled');
    const late = await admin.post(`${run}/apply`, {});
    assert.notEqual(late.status, 303, 'what was called off cannot be applied');
    assert.match(words((await admin.get('/overview')).body), /People 1\b/);
    await server.stop();
    await assertVerified(server, 'after a run that was called off');
    await server.start();
  } finally {
    await server.remove();
  }
});
