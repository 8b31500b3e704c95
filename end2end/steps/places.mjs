// Getting around in the shell, on a screen and on a phone.

import assert from 'node:assert/strict';

/** Opens the drawer of a phone, which holds the whole navigation. */
async function drawer(hands) {
  const { page, width } = hands.window;
  if (width === 390) await hands.press(page.getByRole('navigation', { name: 'Quick' }).getByRole('button', { name: 'More' }));
  return page.getByRole('navigation', { name: 'Main' });
}

/** Goes to a place of the navigation. */
export async function visit(hands, place) {
  const navigation = await drawer(hands);
  return hands.follow(navigation.getByRole('link', { name: place, exact: true }));
}

/** Opens the menu of the person signed in and presses one of its entries. */
export async function account(hands, entry, role = 'button') {
  const navigation = await drawer(hands);
  await hands.press(navigation.locator('summary').filter({ hasText: 'Account' }));
  return hands.follow(navigation.getByRole(role, { name: entry }));
}

/** Opens the ⋯ menu of a thing and follows one of its entries. */
export async function more(hands, name, entry, role = 'link') {
  const { page } = hands.window;
  await hands.press(page.getByLabel(`More for ${name}`));
  return hands.follow(page.getByRole('main').getByRole(role, { name: entry, exact: true }));
}

/** The passing message says so, and can be sent away where scripts run. */
export async function assertFlash({ page }, text) {
  await page.getByRole('region', { name: 'Messages' }).getByText(text).waitFor();
}

/** The heading of the page. */
export async function assertHeading({ page }, text) {
  await page.getByRole('heading', { level: 1, name: text }).waitFor();
}

/** Signs in at the page that is shown. */
export async function signIn(hands, { username, password }) {
  const { page } = hands.window;
  await hands.fill(page.getByLabel('Username'), username);
  await hands.fill(page.getByLabel('Password', { exact: true }), password);
  return hands.follow(page.getByRole('button', { name: 'Sign in' }));
}

/** A page that came back with mistakes: says so in title and summary, the summary has the focus. */
export async function assertSummary({ page }, messages) {
  assert.match(await page.title(), /^Error: /);
  const summary = page.getByRole('alert');
  for (const message of messages) await summary.getByRole('link', { name: message }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'summary');
}

/** The message stands at its field, and the field knows. */
export async function assertFieldError(field, message) {
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  const described = await field.evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
  assert.match(described, message);
}
