// Giving to many people, and the same as a colleague: with scripts on and off, on both databases. Each on a console of its
// own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from '../harness/browser.mjs';
import { hidden } from '../harness/client.mjs';
import { pointer } from '../harness/hands.mjs';
import { Server } from '../harness/server.mjs';
import { windows } from '../harness/stage.mjs';
import { account, addPerson, done, welcome } from '../steps/company.mjs';
import { colleague, many } from '../steps/give.mjs';

const LOOKS = [
  { engine: 'sqlite', scripts: true, width: 1440 },
  { engine: 'sqlite', scripts: false, width: 390 },
  { engine: 'postgres', scripts: true, width: 390 },
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const { engine, scripts, width } of LOOKS) {
  const name = `giving to many with scripts ${scripts ? 'on' : 'off'} at ${width} px on ${engine}`;
  test(name, async () => {
    const server = await Server.create(engine);
    try {
      const admin = await welcome(server);
      const set = await company(admin);
      await windows({ browser, server }, name, async ({ open }) => {
        const hands = pointer(await open({ scripts, width, as: admin }));
        await many(hands, set);
        await colleague(hands, set);
      });
      await server.stop();
    } finally {
      await server.remove();
    }
  });
}

test('who may not give sees no boxes, and a forged form is refused', async () => {
  const server = await Server.create('sqlite');
  try {
    const admin = await welcome(server);
    const { ana, ben } = await company(admin);
    const auditor = await account(server, admin, { username: 'iris.audit', display_name: 'Iris Audit', rights: ['audit'] });
    const editor = await account(server, admin, { username: 'bo.lind', display_name: 'Bo Lind', rights: ['manage_identities'] });
    const keeper = await account(server, admin, { username: 'mo.keeper', display_name: 'Mo Keeper', rights: ['manage_access_model'] });
    const compare = `/people/${ana}/compare?with=${ben}`;
    assert.match((await admin.get(compare)).body, /Give the ticked ones to Ana Silva/);
    assert.match((await keeper.client.get(compare)).body, /Give the ticked ones to Ana Silva/);
    const list = (await keeper.client.get('/people')).body;
    assert.match(list, /Give access…/);
    assert.doesNotMatch(list, /Suspend…/);
    for (const { client } of [auditor, editor]) {
      const page = (await client.get(compare)).body;
      assert.match(page, /Post to the ledger/);
      assert.doesNotMatch(page, /name="what"|Give the ticked/);
      assert.doesNotMatch((await client.get('/people')).body, /Give access…/);
      const asked = `/people/${ana}/same?with=${ben}&what=ledger%2Fpost`;
      assert.equal((await client.get(asked)).status, 403);
      const plan = (await admin.get(asked)).body;
      const forged = { what: 'ledger/post', with: ben, hash: hidden(plan, 'hash'), reason: 'Because.' };
      assert.equal((await client.post(`/people/${ana}/same`, forged)).status, 403);
      assert.equal((await client.post('/people/give', { ...forged, id: ana, step: 'apply' })).status, 403);
    }
    const access = (await admin.get(`/people/${ana}/access`)).body;
    assert.doesNotMatch(access, /Post to the ledger/);
    await server.stop();
  } finally {
    await server.remove();
  }
});

/** Entitlements, a role with one of them, and four people; one has the other two, one of high risk, and one has left. */
async function company(admin) {
  await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger' });
  const things = [['read', 'Read the ledger', ''], ['post', 'Post to the ledger', ''], ['close', 'Close the ledger', 'high']];
  for (const [name, title, risk] of things) {
    await done(admin, '/entitlements/new', { application: 'ledger', name, display_name: title, kind: 'permission', risk });
  }
  const role = (await done(admin, '/roles/new', { name: 'reader', display_name: 'Ledger reader' })).split('/')[2];
  const form = { add: 'ledger/read', reason: 'What readers need.' };
  const edit = `/roles/${role}/contents/edit`;
  const version = hidden((await admin.get(edit)).body, 'version');
  const plan = (await admin.post(edit, { ...form, version, step: 'plan' })).body;
  await done(admin, edit, { ...form, version, step: 'apply', hash: hidden(plan, 'hash') });
  const person = (username, display_name) => addPerson(admin, { username, display_name, department: 'Stores' });
  const [ana, ben, cy, dan] = [
    await person('ana.silva', 'Ana Silva'), await person('ben.ode', 'Ben Ode'), await person('cy.tran', 'Cy Tran'), await person('dan.roe', 'Dan Roe'),
  ];
  for (const what of ['ledger/post', 'ledger/close']) await done(admin, `/people/${ben}/give`, { what, reason: 'Needed.' });
  await done(admin, `/people/${dan}/end`, { reason: 'Left.' });
  return { ana, ben, cy, dan };
}
