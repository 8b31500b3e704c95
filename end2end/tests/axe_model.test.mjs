// The screens of roles, rules, what people have and why, as axe-core sees them, in every theme and width.

import { rules } from '../harness/axe.mjs';
import { press, screens } from '../harness/screens.mjs';
import { stage } from '../harness/stage.mjs';
import { addPerson, company, done } from '../steps/company.mjs';

/** A role, a rule, somebody with access and an exclusion. */
async function everything(server) {
  const people = await company(server);
  const admin = people.admin.client;
  const init = await rules();
  await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger' });
  const thing = await done(admin, '/entitlements/new', { application: 'ledger', name: 'post', display_name: 'Post to the ledger', kind: 'permission', risk: 'high' });
  const role = (await done(admin, '/roles/new', { name: 'clerk', display_name: 'Ledger clerk with a name that is longer than most' })).split('/')[2];
  const rule = (await done(admin, '/rules/new', { name: 'Finance posts', what: 'role:clerk', condition: 'principal.department == "Finance" && principal.location != "Porto"', step: 'save' })).split('/')[2];
  const ana = await addPerson(admin, { username: 'ana.silva', display_name: 'Ana Silva', department: 'Finance', title: 'Clerk' });
  const ben = await addPerson(admin, { username: 'ben.ode', display_name: 'Ben Ode', department: 'Finance', title: 'Clerk' });
  for (const what of ['ledger/post', 'role:clerk']) await done(admin, `/people/${ana}/give`, { what, reason: 'For the close', until: '2099-12-31' });
  await done(admin, `/people/${ana}/exclude`, { what: 'role:clerk', reason: 'Approves payments' });
  return { ...people, init, thing: thing.split('/').at(-1), role, rule, ana, ben };
}

const screen = screens(stage({ set: everything }));

screen('roles', '/roles');
screen('roles of an auditor', '/roles', { as: 'auditor' });
screen('roles, none matches', '/roles?q=nothing-like-it');
screen('adding a role', '/roles/new');
screen('adding a role with mistakes', '/roles/new', { status: 422, act: press('Add role') });
for (const page of ['', '/contents', '/contents/edit', '/holders', '/versions', '/timeline', '/edit', '/suspend']) {
  screen(`a role, ${page.slice(1) || 'overview'}`, (set) => `/roles/${set.role}${page}`);
}
screen('a role’s contents with mistakes', (set) => `/roles/${set.role}/contents/edit`, {
  status: 422,
  act: async (window) => {
    await window.page.locator('textarea[name="add"]').fill('ledger/unknown\nrole:clerk');
    return press('See what it changes')(window);
  },
});
screen('a role’s contents with a plan', (set) => `/roles/${set.role}/contents/edit`, {
  act: async (window) => {
    await window.page.locator('textarea[name="add"]').fill('ledger/post');
    return press('See what it changes')(window);
  },
});
screen('rules', '/rules');
screen('rules of an auditor', '/rules', { as: 'auditor' });
screen('adding a rule', '/rules/new');
for (const page of ['', '/who', '/timeline', '/edit', '/observe']) {
  screen(`a rule, ${page.slice(1) || 'overview'}`, (set) => `/rules/${set.rule}${page}`);
}
screen('what somebody has', (set) => `/people/${set.ana}/access`);
screen('what somebody will have', (set) => `/people/${set.ana}/access?as_of=2098-01-01`);
screen('what somebody had, with a moment that is none', (set) => `/people/${set.ana}/access?as_of=yesterday`);
screen('why somebody has something', (set) => `/people/${set.ana}/why/${set.thing}`);
screen('who has something', (set) => `/entitlements/${set.thing}/holders`);
screen('giving access', (set) => `/people/${set.ana}/give`);
screen('giving access with mistakes', (set) => `/people/${set.ana}/give`, { status: 422, act: press('Give access') });
screen('giving to several people', (set) => `/people/give?id=${set.ana}&id=${set.ben}&what=role%3Aclerk&reason=Needed`);
screen('what giving to several people would do', (set) => `/people/give?id=${set.ana}&id=${set.ben}&what=role%3Aclerk&reason=Needed`, { act: press('See what it does') });
screen('giving to nobody', '/people/give');
screen('what a colleague has, to be given', (set) => `/people/${set.ben}/compare?with=${set.ana}`);
screen('giving what a colleague has', (set) => `/people/${set.ben}/same?with=${set.ana}&what=ledger%2Fpost`);
screen('giving what a colleague has with mistakes', (set) => `/people/${set.ben}/same?with=${set.ana}&what=ledger%2Fpost`, { status: 422, act: press('Give to Ben Ode') });
screen('excluding somebody', (set) => `/people/${set.ana}/exclude`);
screen('two people compared', (set) => `/people/${set.ana}/compare?with=ben.ode`);
screen('what changed for somebody', (set) => `/people/${set.ana}/changes`);
screen('who gained and lost something', (set) => `/entitlements/${set.thing}/changes`);
screen('what changed in the organisation', '/changes');
