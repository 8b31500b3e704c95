// A campaign that is closed, and packs that are not what they were.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { ADMIN, done, signIn, welcome } from './company.mjs';
import { company } from './requests.mjs';

const PATIENCE = 20_000;

/** Ana has some things; Bo decided on two of them, and the campaign is closed and carried out. For a server with a clock. */
export async function closedCampaign(server, name = 'Autumn') {
  const admin = await welcome(server);
  const { ana, bo, olga, ids } = await company(server, admin, ['Post invoices', 'Read the ledger', 'Close the books']);
  for (const what of ids) await done(admin, `/people/${ana.id}/give`, { what, reason: 'For the close' });
  const id = await server.review(ADMIN.username, name);
  const [first, second] = await opened(bo.client, id);
  await done(bo.client, `/reviews/${id}/decide`, { act: 'keep', item: first });
  await done(bo.client, `/reviews/${id}/decide`, { act: 'revoke', item: second });
  await done(bo.client, `/reviews/${id}/submit`, { attest: 'on' });
  await done(admin, `/reviews/${id}/close`, { reason: 'Its time is over' });
  await server.advance(3 * 86_400);
  // Three days later nobody is signed in any more.
  const again = async (who) => ({ ...who, client: await signIn(server, who) });
  const [newAna, newBo] = [await again(ana), await again(bo)];
  return { admin: await signIn(server, ADMIN), ana: newAna, bo: newBo, olga, id };
}

/** Waits until the reviewer can decide; answers the numbers of the items. */
async function opened(client, id) {
  for (const until = Date.now() + PATIENCE; Date.now() < until; await pause(100)) {
    const { body } = await client.get(`/reviews/${id}/decide`);
    const items = [...body.matchAll(/data-row="(\d+)"/g)].map(([, number]) => number);
    if (items.length > 0) return items;
  }
  return assert.fail('the campaign does not begin');
}

/** Makes the pack over HTTP and answers its bytes. */
export async function pack(client, id) {
  await done(client, `/reviews/${id}/evidence`, {});
  for (const until = Date.now() + PATIENCE; Date.now() < until; await pause(100)) {
    const { status, bytes } = await client.get(`/reviews/${id}/evidence/file`);
    if (status === 200) return bytes;
  }
  return assert.fail('no pack is made');
}

/** What a pack may look like when it is none, each with what must be said of it. */
export function spoilt(good) {
  const changed = Buffer.from(good);
  const at = changed.indexOf('population.jsonl') + 40;
  changed[at] ^= 1;
  return {
    'changed.zip': [changed, /population\.jsonl/],
    'short.zip': [good.subarray(0, good.length - 100), /does not hold/],
    'letter.zip': [Buffer.from('Dear auditor, trust us.'), /does not hold/],
    'empty.zip': [Buffer.alloc(0), /does not hold/],
  };
}

