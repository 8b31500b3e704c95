// What auditors do with a campaign: a sample that is drawn again by its seed, the life of an item, and a link with which somebody
// without an account reads the campaign and nothing else, until it is called back.

import assert from 'node:assert/strict';

import { assertAccessible, rules } from '../harness/axe.mjs';
import { Client, words } from '../harness/client.mjs';
import { assertNoOverflow, follow } from '../harness/page.mjs';
import { clocked } from '../harness/stage.mjs';
import { closedCampaign } from '../steps/evidence.mjs';

const campaign = clocked(closedCampaign);

campaign('a sample is drawn, and each of its items opens its whole life', 'postgres', async ({ admin, id, open }) => {
  const window = await open({ as: admin, init: await rules() });
  const { page } = window;
  await window.goto(`/reviews/${id}`);
  await follow(window, () => page.getByRole('link', { name: 'Sample', exact: true }).click());
  await page.getByLabel('Items').fill('many');
  await follow(window, () => page.getByRole('button', { name: 'Draw' }).click());
  await page.getByText('Write how many items').first().waitFor();
  await page.getByLabel('Items').fill('2');
  await page.getByLabel('Seed').fill('4711');
  await follow(window, () => page.getByRole('button', { name: 'Draw' }).click());
  const table = page.getByRole('table', { name: 'Items in the order in which they were drawn' });
  const drawn = () => page.locator('tbody a[href*="/items/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  const first = await drawn();
  assert.equal(await table.getByRole('row').count(), 3);
  await assertAccessible(window, 'a sample');
  // Drawn again, it is the same.
  await window.goto(`/reviews/${id}/sample?seed=4711&size=2`);
  assert.deepEqual(await drawn(), first);
  const file = await admin.get(`/reviews/${id}/sample/export.csv?seed=4711&size=2`);
  assert.equal(file.status, 200);
  assert.equal(file.body.trim().split('\r\n').length, 3);
  await follow(window, () => table.getByRole('link').first().click());
  await page.getByRole('heading', { name: 'What reviewers saw' }).waitFor();
  await page.getByRole('heading', { name: 'Why this reviewer' }).waitFor();
  await page.getByText('Its facts were frozen').waitFor();
  await assertAccessible(window, 'the life of an item');
  await follow(window, () => page.getByRole('link', { name: /entry \d+, line 1/ }).first().click());
  await page.getByText('launched the campaign').first().waitFor();
});

campaign('an auditor without an account reads the campaign by a link, until it is called back', 'sqlite', async ({ admin, id, open, server }) => {
  const inside = await open({ as: admin, init: await rules() });
  await inside.goto(`/reviews/${id}/auditors`);
  const { page } = inside;
  await page.getByLabel('For whom').fill('Iris Vale, Audit LLP');
  await page.getByLabel('What for').fill('SOX 404, 2026');
  await page.getByLabel('Days').fill('400');
  await follow(inside, () => page.getByRole('button', { name: 'Make the link' }).click());
  await page.getByText('Write for how many days').first().waitFor();
  assert.equal(await page.getByLabel('For whom').inputValue(), 'Iris Vale, Audit LLP');
  await page.getByLabel('Days').fill('30');
  await follow(inside, () => page.getByRole('button', { name: 'Make the link' }).click());
  const url = new URL(await page.locator('.secret-link').innerText());
  await assertAccessible(inside, 'a link that was made');
  await inside.goto(`/reviews/${id}/auditors`);
  assert.equal(await page.locator('.secret-link').count(), 0, 'it is shown once');
  await admin.post(`/reviews/${id}/sample`, { size: '2', seed: '7' });

  const outside = await open({ width: 390, init: await rules() });
  const response = await outside.goto(url.pathname);
  assert.equal(response.status(), 200);
  const headers = response.headers();
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['set-cookie'], undefined, 'nobody is signed in by it');
  await outside.page.getByText('For Iris Vale, Audit LLP, SOX 404, 2026').waitFor();
  await assertAccessible(outside, 'a campaign from outside');
  await assertNoOverflow(outside, 'a campaign from outside');
  await follow(outside, () => outside.page.getByRole('link', { name: '7', exact: true }).click());
  await assertAccessible(outside, 'a sample from outside');
  await follow(outside, () => outside.page.getByRole('table').getByRole('link').first().click());
  await outside.page.getByRole('heading', { name: 'What reviewers saw' }).waitFor();
  await assertAccessible(outside, 'an item from outside');
  await assertNoOverflow(outside, 'an item from outside');
  // Every way on stays behind the link.
  const links = await outside.page.locator('a[href]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(links.every((href) => href.startsWith(url.pathname) || href.startsWith('#')), links.join(' '));
  const nobody = new Client(server);
  for (const path of [`/reviews/${id}`, `/reviews/${id}/items/1`, '/people', '/audit']) {
    assert.match((await nobody.get(path)).location ?? '', /^\/sign-in/, path);
  }
  const unknown = await nobody.get(`/auditor/${'0'.repeat(64)}`);
  assert.equal(unknown.status, 404);

  await inside.goto(`/reviews/${id}/auditors`);
  await page.locator('td').getByText('3', { exact: true }).waitFor();
  await assertAccessible(inside, 'the links');
  await follow(inside, () => page.getByRole('button', { name: 'Call back' }).click());
  await page.getByText('Called back', { exact: true }).waitFor();
  const gone = await nobody.get(url.pathname);
  assert.equal(gone.status, 404);
  assert.equal(words(gone.body).replace(/\b[0-9a-f]{8,}\b/g, ''), words(unknown.body).replace(/\b[0-9a-f]{8,}\b/g, ''), 'called back and unknown look the same');
  assert.ok(!server.child.told.includes(url.pathname.split('/').at(-1)), 'no token is in the server’s log');
});
