// One byte changed behind the product's back, in the log or in what it covers, is found and named.

import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { sql } from '../harness/postgres.mjs';
import { Server } from '../harness/server.mjs';
import { Database } from '../harness/sqlite.mjs';
import { addPerson, editPerson, welcome } from '../steps/company.mjs';

/** What is changed, in both dialects, and what must be named. */
const CHANGES = [
  {
    name: 'a leaf of the log',
    sqlite: "UPDATE audit_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'identity.edited', 'identity.editeD') AS BLOB) WHERE action = 'identity.edited'",
    postgres: "UPDATE audit_entry SET leaf = set_byte(leaf, 12, get_byte(leaf, 12) # 1) WHERE action = 'identity.edited'",
    named: /audit_entry.*leaf/,
  },
  {
    name: 'a column beside the leaf',
    sqlite: "UPDATE audit_entry SET actor = 'system' WHERE action = 'identity.edited'",
    postgres: "UPDATE audit_entry SET actor = 'system' WHERE action = 'identity.edited'",
    named: /audit_entry.*actor/,
  },
  {
    name: 'an entry that is gone',
    sqlite: 'DELETE FROM audit_entry WHERE seq = 5',
    postgres: 'DELETE FROM audit_entry WHERE seq = 5',
    named: /audit_entry.*\b5\b/,
  },
  {
    name: 'details of an entry',
    sqlite: "UPDATE audit_detail SET body = replace(body, 'Controlling', 'Xontrolling') WHERE body LIKE '%Controlling%'",
    postgres: "UPDATE audit_detail SET body = replace(body::text, 'Controlling', 'Xontrolling')::jsonb WHERE body::text LIKE '%Controlling%'",
    named: /audit_detail/,
  },
  {
    name: 'the note of a checkpoint',
    sqlite: "UPDATE audit_checkpoint SET note = substr(note, 1, length(note) - 6) || CASE substr(note, -6, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(note, -5)",
    postgres: "UPDATE audit_checkpoint SET note = left(note, -6) || CASE substr(right(note, 6), 1, 1) WHEN 'A' THEN 'B' ELSE 'A' END || right(note, 5)",
    named: /audit_checkpoint.*note/,
  },
  {
    name: 'a person’s row',
    sqlite: "UPDATE identity SET title = 'Directos' WHERE title = 'Director' AND recorded_to IS NULL",
    postgres: "UPDATE identity SET title = 'Directos' WHERE title = 'Director' AND recorded_to IS NULL",
    named: /identity.*idn_/,
  },
  {
    name: 'an old version of a person’s row',
    sqlite: "UPDATE identity SET department = 'Treasurx' WHERE department = 'Treasury' AND recorded_to IS NOT NULL",
    postgres: "UPDATE identity SET department = 'Treasurx' WHERE department = 'Treasury' AND recorded_to IS NOT NULL",
    named: /identity.*idn_/,
  },
  {
    name: 'a person whom nobody added',
    sqlite: `INSERT INTO identity SELECT 999, recorded_from, recorded_to, salt, 'ghost', 'ghost', 'ghost', display_name, name_key, '', '', department,
      title, location, manager_id, kind, status, start_date, end_date, attributes FROM identity WHERE title = 'Director' AND recorded_to IS NULL`,
    postgres: `INSERT INTO identity SELECT 999, recorded_from, recorded_to, salt, 'ghost', 'ghost', 'ghost', display_name, name_key, '', '', department,
      title, location, manager_id, kind, status, start_date, end_date, attributes FROM identity WHERE title = 'Director' AND recorded_to IS NULL`,
    named: /identity.*idn_/,
  },
];

/** Makes history: people, edits, a checkpoint at the end. */
async function history(server) {
  const admin = await welcome(server);
  const id = await addPerson(admin, { username: 'dora', display_name: 'Dora Vane', department: 'Treasury', title: 'Director' });
  assert.equal((await editPerson(admin, id, { department: 'Controlling' })).status, 303);
  await addPerson(admin, { username: 'erik', display_name: 'Erik Holm' });
}

async function verify(server, ...args) {
  const { code, out, err } = await server.command(['audit', 'verify', '--json', ...args]);
  assert.ok([0, 1].includes(code), `audit verify could not check: ${err}`);
  return { code, report: JSON.parse(out) };
}

/** How each engine is changed, and brought back to what it was. */
const HANDS = {
  sqlite: async (server) => {
    const database = await Database.open(server.folder);
    return { change: (text) => database.change(text), restore: () => database.restore() };
  },
  postgres: async (server) => {
    const original = server.database;
    const name = new URL(original).pathname.slice(1);
    const at = (database) => Object.assign(new URL(original), { pathname: `/${database}` }).href;
    return {
      change: async (text) => {
        await sql(at('postgres'), `CREATE DATABASE ${name}_changed TEMPLATE ${name}`);
        server.database = at(`${name}_changed`);
        await sql(server.database, text);
      },
      restore: async () => {
        server.database = original;
        await sql(at('postgres'), `DROP DATABASE ${name}_changed WITH (FORCE)`);
      },
    };
  },
};

for (const engine of ['sqlite', 'postgres']) {
  describe(`audit verify on ${engine}`, () => {
    let server;
    let hands;
    before(async () => {
      server = await Server.create(engine);
      await history(server);
      await server.stop();
      hands = await HANDS[engine](server);
    });
    after(() => server?.remove());

    test('holds for what the product wrote', async () => {
      const { code, report } = await verify(server);
      assert.equal(code, 0, JSON.stringify(report));
      assert.equal(report.finding, null);
      assert.ok(report.entries >= 10 && report.checkpoints >= 1 && report.versions >= 4, JSON.stringify(report));
      const plain = await server.command(['audit', 'verify']);
      assert.equal(plain.code, 0);
      assert.match(plain.out, /The log holds\./);
    });

    for (const { name, named, ...statements } of CHANGES) {
      test(`names ${name}`, async () => {
        await hands.change(statements[engine]);
        try {
          const { code, report } = await verify(server);
          assert.equal(code, 1, 'a change was not found');
          assert.match(report.finding.what, named);
          const plain = await server.command(['audit', 'verify']);
          assert.equal(plain.code, 1);
          assert.match(plain.out, named);
        } finally {
          await hands.restore();
        }
      });
    }

    test('an outside copy of a checkpoint is checked against the log', async () => {
      const folder = join(server.folder, 'checkpoints');
      const [file] = (await readdir(folder)).sort().reverse();
      assert.ok(file, 'a checkpoint was written beside the database');
      const copy = join(folder, file);
      assert.equal((await verify(server, '--since', copy)).code, 0);
      const forged = join(server.folder, 'forged.txt');
      const note = await readFile(copy, 'utf8');
      const [origin, size, root, ...rest] = note.split('\n');
      await writeFile(forged, [origin, size, `${root[0] === 'A' ? 'B' : 'A'}${root.slice(1)}`, ...rest].join('\n'));
      const answer = await server.command(['audit', 'verify', '--since', forged]);
      assert.notEqual(answer.code, 0);
    });
  });
}
