// The screens of access reviews as axe-core sees them, in every theme and width.

import { rules } from '../harness/axe.mjs';
import { follow } from '../harness/page.mjs';
import { screens } from '../harness/screens.mjs';
import { stage } from '../harness/stage.mjs';
import { company, done } from '../steps/company.mjs';

/** A review is defined; nothing is launched. */
async function defined(server) {
  const set = await company(server);
  const stage = { 'reviewer-1': 'manager', 'fallback-1': 'managers_manager', 'stage_days-1': '14' };
  const review = await done(set.admin.client, '/reviews/new', { name: 'Quarterly review', subjects: 'access', unanswered: 'revoke', ...stage });
  return { ...set, init: await rules(), review };
}

const screen = screens(stage({ set: defined }));
const press = (name) => (window) => follow(window, () => window.page.getByRole('main').getByRole('button', { name, exact: true }).last().click());

screen('reviews', '/reviews');
screen('reviews of an auditor', '/reviews', { as: 'auditor' });
screen('a review', ({ review }) => review);
screen('defining a review', '/reviews/new');
screen('defining a review with mistakes', '/reviews/new', { status: 422, act: press('Save') });
screen('what a review would do', '/reviews/new', {
  act: async (window) => {
    await window.page.getByLabel('Name', { exact: true }).fill('Another review');
    return press('Preview')(window);
  },
});
