// A console that is set up, and people in it, made quickly over HTTP. Names are of nobody.

import assert from 'node:assert/strict';

import { Client, hidden, words } from '../harness/client.mjs';

/** Who sets the console up. */
export const ADMIN = { username: 'ada.lund', name: 'Ada Lund', email: 'ada@example.com', password: 'seven wet umbrellas dance' };
/** The organisation. */
export const ORGANISATION = 'Harbour Works';
/** A password that everybody else has here. */
export const PASSWORD = 'green kettles whistle at noon';

/** Sends a form that must be carried out, and answers where it led. */
export async function done(client, path, form) {
  const answer = await client.post(path, form);
  assert.equal(answer.status, 303, `POST ${path} answered ${answer.status}: ${words(answer.body).slice(0, 400)}`);
  return answer.location;
}

/** Does what /welcome asks for and answers the administrator, signed in. */
export async function welcome(server) {
  const form = { organisation: ORGANISATION, zone: 'UTC', display_name: ADMIN.name, ...ADMIN, again: ADMIN.password };
  await done(new Client(server), '/welcome', form);
  return signIn(server, ADMIN);
}

/** A client with a session. */
export async function signIn(server, { username, password }) {
  const client = new Client(server);
  await done(client, '/sign-in', { username, password });
  return client;
}

/** Adds a person and answers the id. */
export async function addPerson(client, fields) {
  const location = await done(client, '/people/new', { kind: 'employee', ...fields });
  return location.split('/').at(-1);
}

/** Changes fields of a person, as of now; answers the response. */
export async function editPerson(client, id, fields) {
  const page = await client.get(`/people/${id}/edit`);
  return client.post(`/people/${id}/edit`, { ...formValues(page.body), ...fields, version: hidden(page.body, 'version') });
}

/** What stands in the fields of a page's main form. */
function formValues(html) {
  const values = {};
  for (const [tag] of html.matchAll(/<input\b[^>]*\bclass="input"[^>]*>|<input\b[^>]*\bid="f-[^>]*>/g)) {
    const name = tag.match(/\bname="([^"]*)"/)?.[1];
    if (name) values[name] = tag.match(/\bvalue="([^"]*)"/)?.[1] ?? '';
  }
  for (const [, tag, options] of html.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    const chosen = options.match(/<option[^>]*value="([^"]*)"[^>]*\bselected\b/)?.[1];
    values[tag.match(/\bname="([^"]*)"/)[1]] = chosen ?? '';
  }
  return values;
}

/** Makes a one-time link on a person's page and answers its path. */
export async function makeLink(client, id) {
  const answer = await client.post(`/people/${id}/link`);
  assert.equal(answer.status, 200, words(answer.body).slice(0, 300));
  return answer.body.match(/\/set-password\/[^"<\s]+/)[0];
}

/** Somebody who can sign in, with console rights: `{ id, username, name, password, client }`. */
export async function account(server, admin, { rights = [], ...fields }) {
  const id = await addPerson(admin, fields);
  const link = await makeLink(admin, id);
  await done(new Client(server), link, { password: PASSWORD, again: PASSWORD });
  for (const right of rights) await done(admin, `/people/${id}/rights`, { act: 'give', right, reason: 'Part of the job.' });
  const who = { id, username: fields.username, name: fields.display_name, password: PASSWORD };
  return { ...who, client: await signIn(server, who) };
}

/** The five kinds of people that use a console. */
export async function company(server) {
  const client = await welcome(server);
  const admin = { ...ADMIN, client };
  const editor = await account(server, client, { username: 'bo.lind', display_name: 'Bo Lind', department: 'Personnel', rights: ['manage_identities'] });
  const auditor = await account(server, client, { username: 'iris.audit', display_name: 'Iris Audit', department: 'Audit', rights: ['audit'] });
  const manager = await account(server, client, { username: 'mara.chief', display_name: 'Mara Chief', department: 'Finance', title: 'Head of Finance' });
  const employee = await account(server, client, {
    username: 'emil.frost', display_name: 'Emil Frost', department: 'Finance', title: 'Clerk', manager: 'mara.chief', email: 'emil@example.com',
  });
  return { admin, editor, auditor, manager, employee };
}

/** Adds many people, a few at a time. */
export async function crowd(client, count, of = {}) {
  const fields = Array.from({ length: count }, (_, at) => {
    const number = String(at + 1).padStart(3, '0');
    return {
      username: `crowd.${number}`, display_name: `Crowd Person ${number}`, department: at % 3 === 0 ? 'Stores' : 'Sales',
      location: at % 2 === 0 ? 'Lisbon' : 'Porto', kind: at % 10 === 0 ? 'contractor' : 'employee', ...of,
    };
  });
  const ids = [];
  while (fields.length > 0) ids.push(...await Promise.all(fields.splice(0, 8).map((one) => addPerson(client, one))));
  return ids;
}
