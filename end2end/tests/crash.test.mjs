// Killed in the middle of everything, again and again: what was acknowledged is there, the log holds.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { records } from '../harness/csv.mjs';
import { Server } from '../harness/server.mjs';
import { addPerson, crowd, welcome } from '../steps/company.mjs';

const ROUNDS = 10;
const WRITERS = 4;
/** Changes of a round before it may end. */
const ENOUGH = 10;

/** Edits one person over and over until the server is gone; `acknowledged` is the last department that was confirmed. */
async function edit(client, id, writer, stopped) {
  for (let number = 1; !stopped.yes; number += 1) {
    const department = `Round ${stopped.round} edit ${String(number).padStart(4, '0')}`;
    writer.attempted = department;
    try {
      const page = await client.get(`/people/${id}/edit`);
      const version = page.body.match(/name="version" value="(\d+)"/)[1];
      const form = { version, username: writer.username, display_name: writer.name, kind: 'employee', status: 'active', department };
      const answer = await client.post(`/people/${id}/edit`, form);
      if (answer.status === 303) {
        writer.acknowledged = department;
        stopped.acknowledged += 1;
      }
    } catch {
      return;
    }
  }
}

/** Adds people until the server is gone; `created` are those that were confirmed. */
async function create(client, created, stopped) {
  for (let number = 0; !stopped.yes; number += 1) {
    const username = `created.${stopped.round}.${number}`;
    try {
      await addPerson(client, { username, display_name: `Created ${stopped.round} ${number}` });
      created.push(username);
      stopped.acknowledged += 1;
    } catch {
      return;
    }
  }
}

for (const engine of ['sqlite', 'postgres']) {
  test(`kill -9 in a stream of edits on ${engine}, ${ROUNDS} times: nothing acknowledged is lost`, async () => {
    const server = await Server.create(engine);
    try {
      const admin = await welcome(server);
      const ids = await crowd(admin, WRITERS);
      const writers = ids.map((id, at) => ({ id, username: `crowd.00${at + 1}`, name: `Crowd Person 00${at + 1}`, acknowledged: 'Sales', attempted: '' }));
      writers[0].acknowledged = 'Stores';
      writers[3].acknowledged = 'Stores';
      const created = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        const stopped = { yes: false, round, acknowledged: 0 };
        const work = [...writers.map((writer) => edit(admin, writer.id, writer, stopped)), create(admin, created, stopped)];
        while (stopped.acknowledged < ENOUGH) await pause(5);
        await pause(37 * ((round * 7) % 10));
        await server.kill();
        stopped.yes = true;
        await Promise.all(work);
        await server.start();
        const people = new Map(records((await admin.get('/people/export.csv')).body).map((row) => [row.username, row]));
        for (const username of created) assert.ok(people.has(username), `${username} was acknowledged before crash ${round} and is gone`);
        for (const writer of writers) {
          const { department } = people.get(writer.username);
          assert.ok([writer.acknowledged, writer.attempted].includes(department), `${writer.username}: ${writer.acknowledged} was acknowledged, ${department} is there`);
          writer.acknowledged = department;
        }
        const { code, out, err } = await server.command(['audit', 'verify', '--json']);
        assert.equal(code, 0, `the log does not hold after crash ${round}: ${out}${err}`);
      }
    } finally {
      await server.remove();
    }
  });

  test(`the same form sent twice at once is carried out once on ${engine}`, async () => {
    const server = await Server.create(engine);
    try {
      const admin = await welcome(server);
      const idem = randomUUID();
      const form = { idem, username: 'only.once', display_name: 'Only Once', kind: 'employee' };
      const answers = await Promise.all(Array.from({ length: 6 }, () => admin.post('/people/new', form)));
      assert.deepEqual(answers.map((answer) => answer.status), Array(6).fill(303));
      assert.equal(new Set(answers.map((answer) => answer.location)).size, 1, 'all lead to the one person');
      const later = await admin.post('/people/new', form);
      assert.equal(later.location, answers[0].location);
      const rows = records((await admin.get('/people/export.csv?q=once')).body);
      assert.equal(rows.length, 1);
      const other = await admin.post('/people/new', { ...form, idem: randomUUID() });
      assert.equal(other.status, 422, 'another form with the same username is refused');
    } finally {
      await server.remove();
    }
  });
}
