// The screens of requests and approvals, of what waits, of tasks and of what one is told, as axe-core sees them, in every
// theme and width.

import { rules } from '../harness/axe.mjs';
import { follow } from '../harness/page.mjs';
import { screens } from '../harness/screens.mjs';
import { stage } from '../harness/stage.mjs';
import { company, done } from '../steps/company.mjs';
import { ask } from '../steps/requests.mjs';

/** Two things wait for the manager, one for its owner. */
async function waiting(server) {
  const set = await company(server);
  const admin = set.admin.client;
  await done(admin, '/applications/new', { name: 'ledger', display_name: 'Ledger', owner: 'bo.lind' });
  const ids = [];
  for (const [name, display_name] of [['post', 'Post invoices'], ['read', 'Read the ledger'], ['pay', 'Approve payments']]) {
    const risk = name === 'pay' ? 'critical' : 'low';
    const where = await done(admin, '/entitlements/new', { application: 'ledger', kind: 'permission', name, display_name, requestable: 'on', risk });
    ids.push(where.split('/').at(-1));
  }
  const request = await ask(set.employee.client, set.employee.id, ids);
  const queue = (await set.manager.client.get('/inbox')).body;
  const items = [...new Set([...queue.matchAll(/rqi_[A-Za-z0-9]+/g)].map(([id]) => id))];
  await done(set.manager.client, `/inbox/${items[2]}`, { act: 'approve' });
  return { ...set, init: await rules(), request, items };
}

const screen = screens(stage({ set: waiting }));

screen('notifications', '/notifications');
screen('unread notifications of an employee', '/notifications?unread=1', { as: 'employee' });
screen('how one is told', '/me/notifications');
screen('mail that failed', '/mail');

screen('approval flows', '/flows');
screen('approval flows of an auditor', '/flows', { as: 'auditor' });
screen('adding an approval flow', '/flows/new');
screen('adding an approval flow with mistakes', '/flows/new', {
  status: 422,
  // The first button of this name is the one that Enter presses, which nobody sees.
  act: (window) => follow(window, () => window.page.getByRole('main').getByRole('button', { name: 'Add flow' }).last().click()),
});

screen('who decides for me', '/me/delegations', { as: 'employee' });
screen('an empty inbox', '/inbox', { as: 'auditor' });
screen('an inbox', '/inbox', { as: 'manager' });
screen('one thing of an inbox', ({ items }) => `/inbox?item=${items[0]}`, { as: 'manager' });
screen('something of critical risk to decide', ({ items }) => `/inbox?item=${items[1]}`, { as: 'manager' });
screen('one thing to decide on its own page', ({ items }) => `/inbox/${items[0]}`, { as: 'manager' });
screen('rejecting without a reason', ({ items }) => `/inbox/${items[0]}`, {
  as: 'manager', status: 422,
  act: async (window) => {
    const reject = window.page.locator('details', { hasText: 'Why not' });
    await reject.locator('summary').click();
    return follow(window, () => reject.getByRole('button', { name: 'Reject' }).click());
  },
});
screen('something decided', ({ items }) => `/inbox/${items[2]}`, { as: 'manager' });
screen('an inbox of an owner', '/inbox', { as: 'editor' });
screen('several things at once', ({ items }) => `/inbox/bulk?act=approve&id=${items[0]}&id=${items[1]}`, { as: 'manager' });
screen('requests', '/requests');
screen('requests of an employee', '/requests', { as: 'employee' });
screen('a request', ({ request }) => request, { as: 'employee' });
screen('no requests', '/requests', { as: 'auditor' });
screen('no tasks', '/tasks');
