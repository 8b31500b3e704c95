// The screens of role discovery, as axe-core sees them, in every theme and width.

import { rules } from '../harness/axe.mjs';
import { press, screens } from '../harness/screens.mjs';
import { stage } from '../harness/stage.mjs';
import { company, done } from '../steps/company.mjs';
import { access, search } from '../steps/discover.mjs';

/** A proposal of which one role was made. */
async function everything(server) {
  const people = await company(server);
  const admin = people.admin.client;
  const init = await rules();
  await access(admin);
  const found = await search(admin, { scope: 'everybody' });
  const made = await done(admin, `${found}/1`, { display_name: 'Ledger clerk with a name that is longer than most', name: 'clerk' });
  const job = (await admin.get(found)).body.match(/\/jobs\/job_\w+/)[0];
  return { ...people, init, found, made, job };
}

const screen = screens(stage({ set: everything }));

screen('asking for a search', '/roles/discover');
screen('asking for a search with mistakes', '/roles/discover', {
  status: 422,
  act: async (window) => {
    await window.page.getByRole('radio', { name: /One application/ }).check();
    return press('Find roles')(window);
  },
});
screen('a proposal', (set) => set.found);
screen('a proposal, what is not made', (set) => `${set.found}?show=open`);
screen('a proposed role that was made', (set) => `${set.found}/1`);
screen('a proposed role', (set) => `${set.found}/2`);
screen('a proposed role with mistakes', (set) => `${set.found}/2`, {
  status: 422,
  act: async (window) => {
    await window.page.getByLabel('Technical name').fill('clerk');
    return press('Create as draft')(window);
  },
});
screen('several drafts', (set) => `${set.found}/create?id=2&id=3`);
screen('no drafts', (set) => `${set.found}/create`);
screen('a draft', (set) => set.made);
screen('the job of a search', (set) => set.job);
