// A review by the command line alone: launched from a file, watched, evidenced and verified, with the exit codes that scripts
// rely on: 0 it holds, 1 it does not or was not made, 2 it could not be looked at.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { binary } from '../harness/environment.mjs';
import { run } from '../harness/process.mjs';
import { Server } from '../harness/server.mjs';
import { assertVerified, importFiles } from '../steps/commands.mjs';
import { spoilt } from '../steps/evidence.mjs';

const FILES = {
  'identities.csv': 'username,display_name,department,manager\nkim,Kim Osei,Finance,\nana,Ana Silva,Finance,kim\nben,Ben Ode,Finance,kim\n',
  'applications.csv': 'application,display_name,owner\nsap,SAP,ben\n',
  'entitlements.csv': 'application,entitlement,display_name\nsap,post,Post invoice\nsap,pay,Approve payment\n',
  'access.csv': 'username,application,entitlement\nana,sap,post\nana,sap,pay\nben,sap,post\nkim,sap,pay\n',
};
const DEFINITION = 'name = "Quarterly"\nowner = "kim"\n[[stage]]\nreviewer = "manager"\ndays = 7\n';

for (const engine of ['sqlite', 'postgres']) {
  test(`a campaign is launched, exported and verified by commands, on ${engine}`, async () => {
    const server = await Server.create(engine);
    const folder = await mkdtemp(join(tmpdir(), 'bailiwick-evidence-'));
    const at = (name) => join(folder, name);
    const verify = (name, ...flags) => run(binary, ['evidence', 'verify', at(name), ...flags]);
    try {
      // Only this process works on it: a running server would share the jobs.
      await server.stop();
      assert.equal((await importFiles(server, FILES)).code, 0);
      await writeFile(at('review.toml'), DEFINITION);
      const launched = await server.command(['review', 'launch', at('review.toml'), '--json']);
      assert.equal(launched.code, 0, launched.err);
      const { campaign, population, included, excluded } = JSON.parse(launched.out);
      // Nobody else can decide on what Kim has.
      assert.deepEqual([population, included, excluded], [4, 3, 1]);
      const again = await server.command(['review', 'launch', at('review.toml')]);
      assert.equal(again.code, 1);
      assert.match(again.err, /still under way/);
      const status = await server.command(['review', 'status', campaign, '--json']);
      assert.equal(JSON.parse(status.out).state, 'open');

      const made = await server.command(['evidence', 'export', campaign, at('pack.zip')]);
      assert.equal(made.code, 0, made.err);
      assert.match(made.out, /3 to be reviewed, 1 left out/);
      const second = await server.command(['evidence', 'export', campaign, at('pack.zip')]);
      assert.equal(second.code, 1);
      assert.match(second.err, /is there already/);
      const nowhere = await server.command(['evidence', 'export', campaign, at('no/such/folder/pack.zip')]);
      assert.equal(nowhere.code, 1, nowhere.err);

      const key = JSON.parse((await verify('pack.zip', '--json')).out).verified.keys[0].key;
      const held = await verify('pack.zip', '--key', key);
      assert.equal(held.code, 0, held.err);
      assert.match(held.out, /The pack holds: Quarterly/);
      assert.doesNotMatch(held.err, /Note:/, 'with the key there is nothing to warn of');
      for (const [name, [bytes]] of Object.entries(spoilt(await readFile(at('pack.zip'))))) {
        await writeFile(at(name), bytes);
        const wrong = await verify(name, '--key', key);
        assert.equal(wrong.code, 1, `${name}: ${wrong.out}${wrong.err}`);
        assert.match(wrong.err, /the pack does not hold\. \S/);
      }
      const named = await verify('changed.zip', '--json');
      assert.equal(JSON.parse(named.out).error.part, 'population.jsonl');
      assert.equal((await verify('nothing.zip')).code, 2);
      assert.equal((await verify('pack.zip', '--key', 'nonsense')).code, 2);
      const other = key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
      assert.notEqual((await verify('pack.zip', '--key', other)).code, 0);
      await assertVerified(server, 'after an export');
      await server.start();
    } finally {
      await rm(folder, { recursive: true, force: true });
      await server.remove();
    }
  });
}
