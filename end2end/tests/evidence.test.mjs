// The evidence pack of a campaign: made and downloaded in the console, signed off, and verified in the browser, by the server
// for browsers without scripts, and named where it is not what it was.

import assert from 'node:assert/strict';

import { assertAccessible, rules } from '../harness/axe.mjs';
import { binary } from '../harness/environment.mjs';
import { assertFocusVisible, assertNoOverflow, follow } from '../harness/page.mjs';
import { run } from '../harness/process.mjs';
import { clocked } from '../harness/stage.mjs';
import { closedCampaign, pack, spoilt } from '../steps/evidence.mjs';

const campaign = clocked(closedCampaign);

const file = (name, buffer) => ({ name, mimeType: 'application/zip', buffer });

campaign('the owner signs off, makes the pack, downloads it, and the browser verifies it', 'sqlite', async ({ admin, id, open }) => {
  const window = await open({ as: admin, init: await rules() });
  const { page } = window;
  await window.goto(`/reviews/${id}`);
  await follow(window, () => page.getByRole('link', { name: 'Evidence pack' }).click());
  await follow(window, () => page.getByRole('link', { name: 'Sign off…' }).click());
  await assertAccessible(window, 'signing off');
  await page.getByLabel('What you state').fill('Two were decided, one was revoked because nobody answered.');
  await follow(window, () => page.getByRole('button', { name: 'Sign off' }).click());
  await page.getByText('Tick the box to sign').first().waitFor();
  assert.equal(await page.getByLabel('What you state').inputValue(), 'Two were decided, one was revoked because nobody answered.');
  await page.getByRole('checkbox').check();
  await follow(window, () => page.getByRole('button', { name: 'Sign off' }).click());
  await page.getByText('Ada Lund signed it off').waitFor();
  await follow(window, () => page.getByRole('button', { name: 'Make the evidence pack' }).click());
  // The page follows the job by itself.
  const link = page.getByRole('link', { name: 'Download' });
  await link.waitFor();
  await assertAccessible(window, 'the evidence pack');
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  assert.match(download.suggestedFilename(), /^evidence-cmp_\w+\.zip$/);
  const path = await download.path();
  const { code, out } = await run(binary, ['evidence', 'verify', path]);
  assert.equal(code, 0, out);
  await follow(window, () => page.getByRole('link', { name: 'Verify a pack' }).click());
  await page.getByText('never leaves it').waitFor();
  await assertAccessible(window, 'verifying a pack');
  const asked = [];
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.locator('input[type=file]').setInputFiles(path);
  await page.getByText(/evidence-cmp_\w+\.zip holds|holds$/).first().waitFor();
  const region = page.getByRole('region', { name: 'Result' });
  await region.getByText('Autumn (cmp_').waitFor();
  await region.getByText('(the key you gave)').waitFor();
  await assertAccessible(window, 'a pack that holds');
  assert.ok(asked.every((one) => one.startsWith('GET /assets/')), `the file stays here: ${asked}`);
});

campaign('what is wrong with a pack is named, by keyboard', 'sqlite', async ({ admin, bo, id, open }) => {
  const good = await pack(admin, id);
  // Anybody who is signed in may verify one.
  const window = await open({ as: bo.client, width: 390, dark: true, init: await rules() });
  const { page } = window;
  await window.goto('/evidence/verify');
  await assertNoOverflow(window, 'verifying a pack');
  const region = page.getByRole('region', { name: 'Result' });
  await page.getByRole('button', { name: 'Verify' }).focus();
  await page.keyboard.press('Enter');
  await region.getByText('No file was chosen').waitFor();
  for (const [name, [bytes, named]] of Object.entries(spoilt(good))) {
    await page.locator('input[type=file]').setInputFiles(file(name, bytes));
    await region.getByText(`${name} does not hold`).waitFor();
    assert.match(await region.innerText(), named);
    assert.equal(await region.evaluate((it) => it === document.activeElement), true, 'the answer has the focus');
  }
  await assertAccessible(window, 'a pack that does not hold');
  await assertNoOverflow(window, 'a pack that does not hold');
  await page.locator('input[type=file]').setInputFiles(file('good.zip', good));
  await region.getByText('good.zip holds').waitFor();
  await assertNoOverflow(window, 'a pack that holds');
  // Another key than the one that signed it.
  await page.getByLabel('Public keys of the log').fill('nonsense');
  await page.getByRole('button', { name: 'Verify' }).focus();
  await assertFocusVisible(window);
  await page.keyboard.press('Enter');
  await region.getByText('“nonsense” is no verifying key').waitFor();
});

campaign('without scripts the server verifies what is sent', 'postgres', async ({ admin, ana, id, open }) => {
  const good = await pack(admin, id);
  const window = await open({ as: ana.client, scripts: false, width: 390 });
  const { page } = window;
  await window.goto('/evidence/verify');
  await page.getByText('Scripts do not run, so the file is sent').waitFor();
  const send = (...files) => async () => {
    await page.locator('input[type=file]').setInputFiles(files);
    await page.getByRole('button', { name: 'Verify' }).click();
  };
  await follow(window, send(file('good.zip', good)));
  await page.getByText('good.zip holds').waitFor();
  await page.getByText('(the key you gave)').waitFor();
  for (const [name, [bytes, named]] of Object.entries(spoilt(good))) {
    await follow(window, send(file(name, bytes)));
    await page.getByText(`${name} does not hold`).waitFor();
    assert.match(await page.getByRole('region', { name: 'Result' }).innerText(), named);
  }
  const none = await follow(window, send());
  assert.equal(none.status(), 422);
  await page.getByText('Choose an evidence pack').first().waitFor();
  const large = await ana.client.upload('/evidence/verify', [['keys', '']], 'pack', { 'large.zip': Buffer.alloc(65 * 1024 * 1024) });
  assert.equal(large.status, 422);
  assert.match(large.body, /large\.zip is larger than/);
});
