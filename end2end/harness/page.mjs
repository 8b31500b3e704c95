// Waiting for pages, and what is true of every page.

import assert from 'node:assert/strict';

/** Waits until the page listens: its islands, where scripts run. */
export async function ready({ page, scripts }) {
  if (scripts) await page.waitForSelector('html[data-hydrated]', { state: 'attached' });
}

/** Does something that leads to another page, and waits for that one. Answers its response. */
export async function follow(window, act) {
  const arrived = window.page.waitForNavigation({ waitUntil: 'load' });
  arrived.catch(() => {});
  await act();
  const response = await arrived;
  await ready(window);
  return response;
}

/** Path and query of the page. */
export function path({ page }) {
  const { pathname, search } = new URL(page.url());
  return pathname + search;
}

/** Nothing makes the page wider than the window. */
export async function assertNoOverflow({ page }, where) {
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return null;
    const reaching = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.right > root.clientWidth + 1;
    });
    return { needed: root.scrollWidth, there: root.clientWidth, by: reaching.slice(-3).map((element) => element.outerHTML.slice(0, 160)) };
  });
  assert.equal(wide, null, `${where} scrolls sideways: ${JSON.stringify(wide, null, 1)}`);
}

/** What has the focus, whether that can be seen, and whether it is the one that is wanted. Nothing where nothing has it. */
export function focused({ page }, target = null) {
  return page.evaluate((wanted) => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const box = element.getBoundingClientRect();
    // A ring may be drawn by the element or by a frame around it.
    const ring = (it) => {
      const style = getComputedStyle(it);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || (style.boxShadow !== 'none' && it.matches(':focus-within, :focus'));
    };
    const frames = [element, element.parentElement, element.parentElement?.parentElement].filter(Boolean);
    const [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + box.height / 2];
    const hit = document.elementFromPoint(x, y);
    const label = element.labels?.[0];
    return {
      wanted: element === wanted,
      what: element.outerHTML.slice(0, 200),
      ringed: frames.some(ring),
      inside: box.width > 0 && box.height > 0 && x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight,
      free: Boolean(hit) && (element.contains(hit) || hit.contains(element) || Boolean(label?.contains(hit)) || Boolean(element.closest('label')?.contains(hit))),
      by: hit?.outerHTML.slice(0, 120),
    };
  }, target);
}

/** The focus is on something, can be seen, is in the window, and nothing lies over it. */
export async function assertFocusVisible(window) {
  const now = await focused(window);
  assert.ok(now, 'something has the focus');
  assertVisible(now);
  return now;
}

/** The same for what was found. */
export function assertVisible(now) {
  assert.ok(now.ringed, `the focus can be seen at ${now.what}`);
  assert.ok(now.inside, `the focus is in the window at ${now.what}`);
  assert.ok(now.free, `nothing lies over the focus at ${now.what} (there is ${now.by})`);
}
