// The screens of requests and approvals, of what waits, of tasks and of what one is told, as axe-core sees them, in every
// theme and width.

import { rules } from '../harness/axe.mjs';
import { follow } from '../harness/page.mjs';
import { screens } from '../harness/screens.mjs';
import { stage } from '../harness/stage.mjs';
import { company } from '../steps/company.mjs';

const screen = screens(stage({ set: async (server) => ({ ...(await company(server)), init: await rules() }) }));

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
screen('an empty inbox', '/inbox', { as: 'manager' });
screen('no requests', '/requests');
screen('no requests of an employee', '/requests', { as: 'employee' });
screen('no tasks', '/tasks');
