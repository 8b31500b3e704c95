// The instruments themselves: a page that is wrong on purpose is noticed, or every other test proves less than it says.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { asAtFirst, assertAccessible, rules } from '../harness/axe.mjs';
import { launch, open } from '../harness/browser.mjs';
import { records } from '../harness/csv.mjs';
import { assertFocusVisible, assertNoOverflow } from '../harness/page.mjs';

const POLICY = "default-src 'self'; script-src 'nonce-good' 'strict-dynamic'; style-src 'self'";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** A window with one page in it, from nowhere. */
async function shown(body, { look = {}, policy = POLICY } = {}) {
  const window = await open(browser, { url: 'http://wrong.test' }, look);
  await window.page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/broken') return route.fulfill({ status: 500, body: '' });
    if (pathname === '/missing.png') return route.fulfill({ status: 404, body: '' });
    const html = `<!doctype html><html lang="en" data-hydrated><head><title>Wrong</title></head><body><main><h1>Wrong</h1>${body}</main></body></html>`;
    return route.fulfill({ status: 422, contentType: 'text/html', headers: { 'content-security-policy': policy }, body: html });
  });
  await window.goto('/');
  return window;
}

const COMPLAINTS = {
  'an inline style that the policy refuses': ['<p style="color: red">x</p>', /style/i],
  'an inline handler that the policy refuses': ['<p onclick="x()">x</p>', /script|handler/i],
  'a script without the nonce': ['<script>window.x = 1</script>', /script/i],
  'an error in a script': ['<script nonce="good">throw new Error("on purpose")</script>', /on purpose/],
  'an error on the console': ['<script nonce="good">console.error("on purpose")</script>', /on purpose/],
  'a warning on the console': ['<script nonce="good">console.warn("on purpose")</script>', /on purpose/],
  'a picture that is missing': ['<img alt="" src="/missing.png">', /404/],
  'an answer that says the server failed': ['<script nonce="good">fetch("/broken")</script>', /500/],
};

for (const [name, [body, said]] of Object.entries(COMPLAINTS)) {
  test(`${name} is noticed`, async () => {
    const window = await shown(body);
    await window.page.waitForLoadState('networkidle');
    assert.throws(() => window.check(), said);
    await window.context.close();
  });
}

test('a form that came back with 422 is no complaint', async () => {
  const window = await shown('<p>x</p>');
  window.check();
  await window.context.close();
});

test('axe sees low contrast in one theme only', async () => {
  const css = '@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }';
  const window = await shown(`<style nonce="good">${css}</style><p>hard to read</p>`, { look: { init: await rules() }, policy: "style-src 'nonce-good'" });
  await assert.rejects(assertAccessible(window, 'it'), /color-contrast[\s\S]*dark/);
  await asAtFirst(window);
  await window.context.close();
});

test('what is wider than the window is noticed', async () => {
  const window = await shown(`<pre>${'wide '.repeat(200)}</pre>`, { look: { width: 390 } });
  await assert.rejects(assertNoOverflow(window, 'it'), /sideways/);
  await window.context.close();
});

test('a focus that cannot be seen is noticed', async () => {
  const bare = '<style nonce="good">a { outline: none } .over { position: fixed; inset: 0; background: white }</style>';
  const policy = "style-src 'nonce-good'";
  const unringed = await shown(`${bare}<a href="/x">x</a>`, { policy });
  await unringed.page.keyboard.press('Tab');
  await assert.rejects(assertFocusVisible(unringed), /can be seen/);
  const covered = await shown(`${bare}<button>x</button><div class="over"></div>`, { policy });
  await covered.page.keyboard.press('Tab');
  await assert.rejects(assertFocusVisible(covered), /lies over/);
  await Promise.all([unringed, covered].map((window) => window.context.close()));
});

test('files are read with quotes, commas and line breaks in their cells', () => {
  assert.deepEqual(records('a,b\r\n"x ""y"", z","1\n2"\r\n,\r\n'), [{ a: 'x "y", z', b: '1\n2' }, { a: '', b: '' }]);
});
