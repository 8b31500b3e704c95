// Looks at a screen as axe-core does, in both themes and at both widths.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { assertNoOverflow } from './page.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LOOKS = [1440, 390].flatMap((width) => ['light', 'dark'].map((theme) => ({ width, theme })));

/** The rules, to run in every page before its own scripts: the policy of the product lets none be added later. */
export async function rules() {
  return readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}

/** Makes a window look as it did before it was looked at. */
export async function asAtFirst({ page }) {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Nothing to complain about on this screen, in any theme and width; nor is it wider than the window. */
export async function assertAccessible(window, where) {
  const { page } = window;
  const found = [];
  for (const { width, theme } of LOOKS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.emulateMedia({ colorScheme: theme });
    const violations = await page.evaluate(async (tags) => {
      const { violations: all } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
      return all.map(({ id, help, nodes }) => ({
        id, help, count: nodes.length, nodes: nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} — ${node.failureSummary.replace(/\s+/g, ' ').slice(0, 300)}`),
      }));
    }, TAGS);
    found.push(...violations.map((violation) => ({ theme, width, ...violation })));
    await assertNoOverflow(window, `${where} at ${width} px`);
  }
  assert.deepEqual(found, [], `axe complains about ${where}`);
}
