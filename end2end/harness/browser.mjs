// Chromium, and windows in it that look as a test wants.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium as engine } from 'playwright-core';

import { chromium, results } from './environment.mjs';
import { ready } from './page.mjs';
import { watch } from './watch.mjs';

const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync',
];
const HEIGHTS = { 390: 844, 1440: 900 };
/** Longest wait for one thing to appear: a development build on two busy cores. */
const PATIENCE = 20_000;

/** Starts the browser. */
export function launch() {
  return engine.launch({ executablePath: chromium, args: ARGS, headless: true });
}

/**
 * A window: `scripts` off means without JavaScript, `width` 1440 or 390, `dark` asks for the dark theme, `as` is a
 * signed-in client, `init` runs in every page before its scripts.
 */
export async function open(browser, server, { scripts = true, width = 1440, dark = false, as, init, motion = 'reduce' } = {}) {
  const context = await browser.newContext({
    baseURL: server.url,
    javaScriptEnabled: scripts,
    viewport: { width, height: HEIGHTS[width] },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: motion,
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(PATIENCE);
  const watched = await watch(context, { scripts });
  if (init) await context.addInitScript({ content: init });
  if (as) await context.addCookies(as.browserCookies());
  const page = await context.newPage();
  const window = { page, context, scripts, width, dialogs: [], answer: 'accept' };
  context.on('dialog', async (dialog) => {
    window.dialogs.push(dialog.type());
    await (window.answer === 'accept' ? dialog.accept() : dialog.dismiss());
  });
  window.goto = async (path) => {
    const response = await page.goto(path, { waitUntil: 'load' });
    await ready(window);
    return response;
  };
  window.check = watched.check;
  return window;
}

/** Leaves a picture of a page where a test failed. */
export async function keep(window, name) {
  mkdirSync(results, { recursive: true });
  const file = name.replace(/[^a-z0-9]+/gi, '-').slice(0, 100);
  await window.page.screenshot({ path: join(results, `${file}.png`), fullPage: true, timeout: 5_000 }).catch(() => {});
}
