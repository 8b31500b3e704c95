// The same files by the command line: totals as JSON and by SQL are what was reckoned, a second import changes nothing,
// and an import that is killed again and again ends with the same counts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { binary } from '../harness/environment.mjs';
import { start } from '../harness/process.mjs';
import { Server } from '../harness/server.mjs';
import { assertVerified, counted, countedOf, importFiles, importFolder } from '../steps/commands.mjs';
import { welcome } from '../steps/company.mjs';
import { folder, organisation } from '../steps/organisation.mjs';
import { reckon, unchanged } from '../steps/reckoning.mjs';

const KILLS = 10;
/** The column of usernames has its usual name: the command line maps nothing. */
const plain = (files) => ({ ...files, 'identities.csv': files['identities.csv'].replace(/\blogin\b/, 'username') });
const FILES = plain(organisation());
const EXPECTED = reckon(FILES);

for (const engine of ['sqlite', 'postgres']) {
  test(`what the command line and SQL count is what was reckoned, on ${engine}`, async () => {
    const server = await Server.create(engine);
    try {
      await welcome(server);
      const dry = await importFiles(server, FILES, ['--dry-run']);
      assert.deepEqual([dry.code, dry.report?.files], [3, EXPECTED.totals], dry.err);
      const first = await importFiles(server, FILES);
      assert.equal(first.code, 3, `some lines are wrong, which the exit code says: ${first.err}`);
      assert.deepEqual(first.report.files, EXPECTED.totals);
      await server.stop();
      assert.deepEqual(await counted(server), countedOf(EXPECTED, 1));
      await assertVerified(server, 'after an import');
      const second = await importFiles(server, FILES);
      assert.deepEqual(second.report.files, unchanged(EXPECTED.totals));
      assert.deepEqual(await counted(server), countedOf(EXPECTED, 1));
      await assertVerified(server, 'after a second import');
      await server.start();
    } finally {
      await server.remove();
    }
  });

  test(`an import that is killed ${KILLS} times ends with the same counts, on ${engine}`, async () => {
    const files = plain(organisation({ seed: 11, people: 900, grants: 15_000 }));
    const expected = reckon(files);
    const server = await Server.create(engine);
    const { path, remove } = await folder(files);
    try {
      await welcome(server);
      await server.stop();
      // A dry run says how long about half of an import takes; the moments lie from its beginning to its end.
      // The quicker of two: beside other work one of them can be slow, and all the moments would be too late.
      let half = Infinity;
      for (let turn = 0; turn < 2; turn += 1) {
        const begun = Date.now();
        await importFolder(server, path, ['--dry-run']);
        half = Math.min(half, Date.now() - begun);
      }
      let killed = 0;
      for (let attempt = 0; killed < KILLS; attempt += 1) {
        assert.ok(attempt < 3 * KILLS, 'the import is over before it can be killed');
        const child = start(binary, ['import', path, '--source', 'files', '--json', '--data-dir', server.folder], { env: server.env });
        await Promise.race([child.ended, pause(half * (0.3 + ((attempt * 7) % 10) * 0.15))]);
        if (child.exitCode === null && child.kill('SIGKILL')) killed += 1;
        const { code, err } = await child.ended;
        assert.ok(code === null || code === 3, `the import does not go on after a kill: ${err}`);
      }
      await assertVerified(server, 'after the last kill');
      const last = await importFolder(server, path);
      assert.equal(last.code, 3, last.err);
      assert.equal(last.report.state, 'applied');
      const after = await importFolder(server, path);
      assert.deepEqual(after.report.files, unchanged(expected.totals));
      assert.deepEqual(await counted(server), countedOf(expected, 1));
      await assertVerified(server, 'after all');
      await server.start();
    } finally {
      await remove();
      await server.remove();
    }
  });
}
