// Every screen as axe-core sees it, light and dark, at 1440 and 390 px; none is wider than its window.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible, rules } from '../harness/axe.mjs';
import { launch } from '../harness/browser.mjs';
import { follow } from '../harness/page.mjs';
import { press, reveal, screens } from '../harness/screens.mjs';
import { Server } from '../harness/server.mjs';
import { stage, windows } from '../harness/stage.mjs';
import { addPerson, company, crowd, done, editPerson, makeLink } from '../steps/company.mjs';

/** Things with long names, every status, and histories. */
async function everything(server) {
  const people = await company(server);
  const admin = people.admin.client;
  const init = await rules();
  await crowd(admin, 30);
  const long = await addPerson(admin, {
    username: 'maximiliana.konstantinopolitanska-vandenberghe', display_name: 'Maximiliana Aleksandra Konstantinopolitańska-Vandenberghe de la Sierra',
    title: 'Deputy head of international regulatory correspondence and archives', department: 'Correspondence, archives and records management',
    email: 'maximiliana.konstantinopolitanska-vandenberghe@subsidiary.example.com', manager: 'mara.chief', end_date: '2026-12-31', start_date: '2020-01-01',
  });
  await editPerson(admin, long, { location: 'Santa Cruz de la Palma' });
  const suspended = await addPerson(admin, { username: 'su.spended', display_name: 'Su Spended' });
  await done(admin, `/people/${suspended}/suspend`, { reason: 'On the way out.' });
  const ended = await addPerson(admin, { username: 'en.ded', display_name: 'En Ded' });
  await done(admin, `/people/${ended}/end`, { reason: 'Gone.' });
  const application = (await done(admin, '/applications/new', {
    name: 'ledger', display_name: 'Ledger', description: 'Books every invoice.', owner: 'mara.chief', criticality: 'high',
  })).split('/').at(-1);
  const entitlement = (await done(admin, '/entitlements/new', {
    application: 'ledger', name: 'ledger.invoice.post', display_name: 'Post invoices', description: 'Records what suppliers ask for.', kind: 'permission',
    actions: 'read, write', resource_type: 'invoice', risk: 'critical', owner: 'mara.chief', requestable: 'on',
  })).split('/').at(-1);
  await done(admin, '/applications/new', { name: 'plain', display_name: 'Plain' });
  const link = await makeLink(admin, people.employee.id);
  return { ...people, init, long, suspended, ended, application, entitlement, link };
}

const shared = stage({ set: everything });
const screen = screens(shared);

screen('sign-in', '/sign-in', { as: null });
screen('sign-in with a wrong password', '/sign-in', {
  as: null,
  status: 422,
  act: async (window) => {
    await window.page.getByLabel('Username').fill('nobody.here');
    await window.page.getByLabel('Password', { exact: true }).fill('no password at all');
    return press('Sign in')(window);
  },
});
screen('setting a password', (set) => set.link, { as: null });
screen('setting a password with mistakes', (set) => set.link, { as: null, status: 422, act: press('Set password') });
screen('a used link', '/set-password/0123456789', { as: null, status: 404 });

screen('people', '/people');
screen('people, filters open', '/people?filters=open');
screen('people, search suggestions open', '/people', {
  act: async ({ page }) => {
    await page.getByRole('searchbox').pressSequentially('sta');
    await page.getByRole('option').first().waitFor();
  },
});
screen('people, some selected', '/people', {
  act: async ({ page }) => {
    await page.getByRole('checkbox', { name: 'Select Bo Lind' }).check();
    await page.getByRole('status').filter({ hasText: '1 selected' }).waitFor();
  },
});
screen('people, a page in the middle', '/people?size=25&sort=-changed&q=status%3Aactive', {
  act: (window) => follow(window, () => window.page.getByRole('link', { name: 'Next', exact: true }).click()),
});
screen('people, nobody matches', '/people?q=nobody-at-all+status%3Aended');
screen('people, a search that is not understood', '/people?q=colour%3Agreen');
screen('people of an auditor', '/people', { as: 'auditor' });
screen('the team of a manager', '/people', { as: 'manager' });
screen('people of an employee', '/people', { as: 'employee' });
screen('a person', (set) => `/people/${set.employee.id}`);
screen('a person, menu open', (set) => `/people/${set.suspended}`, { act: reveal((page) => page.getByLabel('More for Su Spended')) });
screen('a person with a long name', (set) => `/people/${set.long}`);
screen('a suspended person', (set) => `/people/${set.suspended}`);
screen('an ended person', (set) => `/people/${set.ended}`);
screen('a person as an auditor sees it', (set) => `/people/${set.long}`, { as: 'auditor' });
screen('a person with a new link', (set) => `/people/${set.long}`, {
  act: async (window) => {
    await window.page.getByLabel(/^More for/).click();
    return press('Make a set-password link')(window);
  },
});
screen('a person’s timeline', (set) => `/people/${set.long}/timeline`);
screen('a person’s rights', (set) => `/people/${set.auditor.id}/rights`);
screen('a person’s rights with mistakes', (set) => `/people/${set.auditor.id}/rights`, { status: 422, act: press('Give right') });
screen('adding a person', '/people/new');
screen('adding a person, picker open', '/people/new', {
  act: async ({ page }) => {
    await page.getByLabel('Manager').pressSequentially('crowd');
    await page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').first().waitFor();
  },
});
screen('adding a person with mistakes', '/people/new', { status: 422, act: press('Add person') });
screen('editing a person', (set) => `/people/${set.long}/edit`);
screen('editing a person against somebody faster', (set) => `/people/${set.suspended}/edit`, {
  status: 409,
  act: async (window, set) => {
    await editPerson(set.admin.client, set.suspended, { location: `Funchal ${Math.random()}` });
    await window.page.getByLabel('Location').fill('Horta');
    return press('Save changes')(window);
  },
});
for (const [step, label] of [['suspend', 'Suspend Emil Frost'], ['end', 'End Emil Frost']]) {
  screen(`asking whether to ${step}`, (set) => `/people/${set.employee.id}/${step}`);
  screen(`asking whether to ${step}, without a reason`, (set) => `/people/${set.employee.id}/${step}`, { status: 422, act: press(label) });
}
screen('asking whether to resume', (set) => `/people/${set.suspended}/resume`);
screen('something that cannot be done now', (set) => `/people/${set.suspended}/resume`, {
  status: 409,
  act: async (window, set) => {
    await done(set.admin.client, `/people/${set.suspended}/resume`, { reason: 'Back.' });
    await window.page.getByLabel('Reason').fill('Back, too.');
    const answer = await press('Resume')(window);
    await done(set.admin.client, `/people/${set.suspended}/suspend`, { reason: 'Away again.' });
    return answer;
  },
});
screen('a bulk act before it happens', (set) => `/people/bulk?act=suspend&id=${set.employee.id}&id=${set.ended}`);
screen('a bulk act without anybody', '/people/bulk?act=end');
screen('the results of a bulk act', (set) => `/people/bulk?act=resume&id=${set.employee.id}&id=${set.ended}`, {
  act: async (window) => {
    await window.page.getByLabel('Reason').fill('All back.');
    return press('Resume 2 people')(window);
  },
});

screen('applications', '/applications');
screen('applications, none matches', '/applications?q=nothing-like-it');
screen('an application', (set) => `/applications/${set.application}`);
screen('the built-in application', '/applications?q=bailiwick', {
  act: (window) => follow(window, () => window.page.getByRole('rowheader').getByRole('link', { name: 'Bailiwick' }).click()),
});
screen('an application’s timeline', (set) => `/applications/${set.application}/timeline`);
screen('adding an application', '/applications/new');
screen('adding an application with mistakes', '/applications/new', { status: 422, act: press('Add application') });
screen('editing an application', (set) => `/applications/${set.application}/edit`);
screen('asking whether to end an application', (set) => `/applications/${set.application}/end`);
screen('applications of their owner', '/applications', { as: 'manager' });

screen('entitlements', '/entitlements');
screen('entitlements, none matches', '/entitlements?q=nothing-like-it');
screen('an entitlement', (set) => `/entitlements/${set.entitlement}`);
screen('an entitlement’s timeline', (set) => `/entitlements/${set.entitlement}/timeline`);
screen('adding an entitlement', '/entitlements/new?application=ledger');
screen('adding an entitlement with mistakes', '/entitlements/new', { status: 422, act: press('Add entitlement') });
screen('editing an entitlement', (set) => `/entitlements/${set.entitlement}/edit`);
screen('asking whether to end an entitlement', (set) => `/entitlements/${set.entitlement}/end`);

screen('the audit log', '/audit');
screen('the audit log, nothing matches', '/audit?q=action%3Aidentity.ended+outcome%3Adenied');
screen('the first entry', '/audit/1');
screen('an entry with before and after', '/audit?q=action%3Aidentity.edited', {
  act: (window) => follow(window, () => window.page.getByRole('rowheader').getByRole('link').first().click()),
});
screen('a denied entry as an auditor sees it', '/people/new', {
  as: 'auditor',
  act: async (window) => {
    await window.goto('/audit?q=outcome%3Adenied');
    return follow(window, () => window.page.getByRole('rowheader').getByRole('link').first().click());
  },
});

screen('my account', '/me/account');
screen('my account as an employee', '/me/account', { as: 'employee' });
screen('changing the password', '/me/password');
screen('changing the password with mistakes', '/me/password', { status: 422, act: press('Change password') });
screen('my sessions', '/me/sessions');
screen('preferences', '/me/preferences');
screen('the search page, empty', '/search');
screen('the search page', '/search?q=crowd');
screen('the search page, nothing found', '/search?q=xyzzy');
screen('the list of keys', '/help/keys');
screen('the palette', '/people', {
  act: async ({ page }) => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('crowd');
    await page.getByRole('option', { name: /Crowd Person/ }).first().waitFor();
  },
});
screen('the menu of the person signed in', '/people', { act: reveal((page) => page.locator('summary').filter({ hasText: 'Account' })) });
screen('a message', (set) => `/people/${set.long}/edit`, { act: press('Save changes') });
screen('a refusal', '/people/new', { as: 'auditor', status: 403 });
screen('nothing there', '/nowhere/at/all', { status: 404 });

test('the first page, empty and with mistakes', async () => {
  const [browser, server, init] = await Promise.all([launch(), Server.create(), rules()]);
  try {
    await windows({ browser, server }, 'welcome', async ({ open }) => {
      const window = await open({ init });
      await window.goto('/welcome');
      await assertAccessible(window, 'the first page');
      assert.equal((await press('Set up')(window)).status(), 422);
      await assertAccessible(window, 'the first page with mistakes');
    });
  } finally {
    await browser.close();
    await server.remove();
  }
});
