// The screens of sources, imports, jobs, accounts, access and findings as axe-core sees them, in every theme and width.

import { follow } from '../harness/page.mjs';
import { rules } from '../harness/axe.mjs';
import { press, reveal, screens } from '../harness/screens.mjs';
import { stage } from '../harness/stage.mjs';
import { addPerson, company, crowd, done } from '../steps/company.mjs';
import { ask, makeSource, upload } from '../steps/imports.mjs';
import { organisation } from '../steps/organisation.mjs';

/** Runs in every state, people with access, a source that has to ask who is meant. */
async function everything(server) {
  const people = await company(server);
  const admin = people.admin.client;
  const init = await rules();
  await crowd(admin, 30);
  const files = organisation({ people: 80, grants: 400 });
  const mapped = { ...files, 'identities.csv': files['identities.csv'].replace(/\blogin\b/, 'username') };
  const source = await makeSource(admin, 'Personnel, contractors and everything the Lisbon office writes down', {
    description: 'Ask the people of Personnel; every night at two.',
  });
  const applied = await upload(admin, source, mapped);
  await ask(admin, applied, 'check', 'Checked');
  await ask(admin, applied, 'apply', 'Applied');
  const half = mapped['identities.csv'].split('\r\n').filter((_, at) => at % 2 === 0).join('\r\n');
  const shrinking = await upload(admin, source, { 'identities.csv': half });
  await ask(admin, shrinking, 'check', 'Checked');
  const other = await makeSource(admin, 'Plain');
  const staged = await upload(admin, other, files);
  const cancelled = await upload(admin, other, { 'applications.csv': files['applications.csv'] });
  await done(admin, `${cancelled}/cancel`, {});
  // Two people share an address: whom the file means, somebody has to say.
  for (const username of ['twin.one', 'twin.two']) await addPerson(admin, { username, display_name: 'Twin Person', email: 'twin@example.com' });
  const asking = await makeSource(admin, 'Asks who is meant');
  const waits = await upload(admin, asking, { 'identities.csv': 'username,display_name,email\nt.person,Twin Person,twin@example.com\n' });
  await ask(admin, waits, 'check', 'Checked');
  await ask(admin, waits, 'apply', 'Applied');
  const empty = await makeSource(admin, 'Nothing yet');
  return { ...people, init, source, applied, shrinking, staged, cancelled, asking, empty };
}

const shared = stage({ set: everything });
const screen = screens(shared);
/** Follows a link of the content. */
const go = (name) => (window) => follow(window, () => window.page.getByRole('main').getByRole('link', { name }).first().click());
/** Opens the first row of a list. */
const openFirst = (window) => follow(window, () => window.page.getByRole('main').getByRole('rowheader').getByRole('link').first().click());
/** One after the other; the last one's answer counts. */
const then = (...acts) => async (window, set) => {
  let answer;
  for (const act of acts) answer = await act(window, set);
  return answer;
};

screen('overview', '/overview');
screen('overview of an auditor', '/overview', { as: 'auditor' });
screen('findings', '/findings');

screen('sources', '/sources');
screen('sources of an auditor', '/sources', { as: 'auditor' });
screen('adding a source', '/sources/new');
screen('adding a source with mistakes', '/sources/new', { status: 422, act: press('Add source') });
screen('a source', (set) => set.source);
screen('a source without imports', (set) => set.empty);
screen('a source as an auditor sees it', (set) => set.source, { as: 'auditor' });
screen('editing a source', (set) => `${set.source}/edit`);
screen('asking whether to end a source', (set) => `${set.source}/end`);
screen('who is meant', (set) => `${set.asking}/waiting`);
screen('nobody waits', (set) => `${set.empty}/waiting`);

screen('choosing files', (set) => `${set.source}/import`);
screen('choosing files with other names', (set) => `${set.source}/import`, { act: reveal((page) => page.locator('summary').filter({ hasText: 'Files with other names' })) });
screen('choosing files, none chosen', (set) => `${set.source}/import`, { status: 422, act: press('Upload') });
screen('a run whose columns are asked for', (set) => set.staged);
screen('a run that would end much', (set) => set.shrinking);
screen('a run that is applied', (set) => set.applied);
screen('a run as an auditor sees it', (set) => set.applied, { as: 'auditor' });
screen('a run that was cancelled', (set) => set.cancelled);
screen('the rows of a run', (set) => `${set.applied}/rows`);
screen('no rows of a run', (set) => `${set.cancelled}/rows`);
screen('the problems of a run', (set) => `${set.applied}/problems`);
screen('no problems of a run', (set) => `${set.cancelled}/problems`);

screen('jobs', '/jobs');
screen('jobs of an auditor', '/jobs', { as: 'auditor' });
screen('jobs, none matches', '/jobs?q=state%3Apaused');
screen('a job', '/jobs', { act: openFirst });

screen('accounts', '/accounts');
screen('orphan accounts', '/accounts?q=person%3Anone');
screen('accounts, none matches', '/accounts?q=nothing-like-it');
screen('access', '/access');
screen('dormant access', '/findings', { act: go('Dormant access') });
screen('people who left with access', '/findings', { act: go('Ended, still has access') });
screen('a person’s access', '/people?q=username%3Ap1', { act: then(openFirst, go('Access')) });
screen('a person’s accounts', '/people?q=username%3Ap1', { act: then(openFirst, go('Accounts')) });
screen('a person’s access, filtered to nothing', '/people?q=username%3Ap1', { act: then(openFirst, go('Access'), (window) => window.goto(`${new URL(window.page.url()).pathname}?q=nothing-like-it`)) });
screen('a person’s access a year ago', (set) => `/people/${set.employee.id}/access?as_of=2020-01-01`);
screen('what sources see of a person', '/people?q=username%3Ap1', { act: then(openFirst, go('Observed')) });
screen('no access of a person', (set) => `/people/${set.employee.id}/access`);
screen('nothing seen of a person', (set) => `/people/${set.employee.id}/observed`);
screen('no accounts of a person', (set) => `/people/${set.employee.id}/accounts`);
screen('an application’s accounts', '/applications?q=ledger', { act: then(openFirst, go('Accounts')) });
screen('an entitlement’s holders', '/entitlements?q=ledger.1', { act: then(openFirst, go('Holders')) });
screen('what sources see of an entitlement', '/entitlements?q=ledger.1', { act: then(openFirst, go('Observed')) });
screen('holders, none matches', '/entitlements?q=ledger.1', {
  act: then(openFirst, go('Observed'), (window) => window.goto(`${new URL(window.page.url()).pathname}?q=nobody-like-it`)),
});

screen('columns of people', '/people', { act: reveal((page) => page.locator('summary').filter({ hasText: 'Columns' })) });
screen('saving a view', '/people?q=department%3ASales', { act: go('Save view') });
screen('saving a view with mistakes', '/people?q=department%3ASales', { status: 422, act: then(go('Save view'), press('Save view')) });
screen('everybody who matches, before a bulk act', '/people/bulk?act=suspend&matching=1&q=crowd');
screen('the result of a bulk act on everybody who matches', '/people/bulk?act=resume&matching=1&q=crowd', {
  act: async (window) => {
    await window.page.getByLabel('Reason').fill('All back.');
    return press('Resume 30 people')(window);
  },
});
