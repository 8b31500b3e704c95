// Using a list: its search, chips, pager and rows.

import { follow } from '../harness/page.mjs';

/** Types into the search and runs it. */
export async function search(window, text) {
  const box = window.page.getByRole('searchbox');
  await box.fill(text);
  return follow(window, () => box.press('Enter'));
}

/** The names that head the rows, in their order. */
export async function names({ page }) {
  const links = await page.getByRole('rowheader').getByRole('link').allTextContents();
  return links.map((text) => text.trim());
}

/** The chips that narrow the list, as `key:value`. */
export async function chips({ page }) {
  const texts = await page.getByRole('list', { name: 'Active filters' }).getByRole('link', { name: /Remove filter/ }).allTextContents();
  return texts.map((text) => text.replace('Remove filter', '').replace(/\s+/g, ' ').trim());
}

/** Which rows of how many, as the foot says it. */
export async function range({ page }) {
  const text = await page.getByRole('navigation', { name: 'Pages' }).getByRole('status').textContent();
  return text.replace(/\s+/g, ' ').trim();
}

/** Follows a link of the foot. */
export function turn(window, label) {
  return follow(window, () => window.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: label, exact: true }).click());
}
