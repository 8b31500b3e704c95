// What travels beside the pages: policies, caching, cookies, and requests that come from elsewhere.

import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';

import { Client } from '../harness/client.mjs';
import { Server } from '../harness/server.mjs';
import { stage } from '../harness/stage.mjs';
import { ADMIN, addPerson, welcome } from '../steps/company.mjs';

const { test: it } = stage({ screen: false, set: async (server) => ({ admin: await welcome(server) }) });

const PAGES = ['/sign-in', '/people', '/people/new', '/me', '/audit', '/help/keys', '/nowhere'];

it('every page has a strict policy with a nonce of its own', async ({ set, server }) => {
  const nonces = new Set();
  for (const address of PAGES) {
    const client = address === '/sign-in' ? new Client(server) : set.admin;
    const { headers, body, status } = await client.get(address);
    assert.ok([200, 404].includes(status), `${address} answers ${status}`);
    const policy = Object.fromEntries(headers['content-security-policy'].split(';').map((part) => {
      const [name, ...values] = part.trim().split(/\s+/);
      return [name, values];
    }));
    const nonce = policy['script-src'].find((value) => value.startsWith("'nonce-")).slice(7, -1);
    assert.ok(nonce.length >= 22, 'at least 128 bits');
    nonces.add(nonce);
    for (const loose of ["'unsafe-inline'", "'unsafe-eval'", '*', 'http:', 'https:']) {
      for (const name of ['default-src', 'script-src', 'style-src']) assert.ok(!(policy[name] ?? []).includes(loose), `${name} ${loose}`);
    }
    assert.deepEqual(policy['frame-ancestors'], ["'none'"]);
    assert.deepEqual(policy['base-uri'], ["'none'"]);
    assert.deepEqual(policy['form-action'], ["'self'"]);
    assert.deepEqual(policy['object-src'], ["'none'"]);
    for (const [tag] of body.matchAll(/<script\b[^>]*>/g)) assert.ok(tag.includes(`nonce="${nonce}"`), `${tag} at ${address}`);
    assert.doesNotMatch(body, /\sstyle="|\son\w+="|javascript:/, `${address} has something inline`);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(headers['cache-control'], /no-store/);
    assert.match(headers['referrer-policy'], /same-origin|no-referrer/);
    assert.match(headers['content-type'], /^text\/html; charset=utf-8$/i);
    assert.ok(headers['x-request-id'], 'the request can be named');
  }
  assert.equal(nonces.size, PAGES.length);
});

it('files have their hash in the name, are compressed and kept for ever', async ({ set, server }) => {
  const { body } = await set.admin.get('/people');
  const files = [...new Set(body.match(/\/assets\/[\w.-]+/g))];
  assert.ok(files.some((file) => file.endsWith('.css')) && files.some((file) => file.endsWith('.js')), files.join(' '));
  for (const file of files) {
    const { status, headers } = await new Client(server).get(file, { headers: { 'accept-encoding': 'br' } });
    assert.equal(status, 200, file);
    assert.match(headers['cache-control'], /max-age=31536000/);
    assert.match(headers['cache-control'], /immutable/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    if (!file.endsWith('.woff2')) assert.equal(headers['content-encoding'], 'br', file);
  }
  assert.equal((await new Client(server).get('/assets/../Cargo.toml')).status, 404);
  assert.equal((await new Client(server).get('/assets/nothing.css')).status, 404);
});

it('the session’s cookie is for this site, for HTTP, and new at every sign-in', async ({ server }) => {
  const client = new Client(server);
  await client.get('/sign-in');
  client.cookies.set('session', { value: 'AAAAAAAAAAAAAAAAAAAAAA', attributes: [] });
  const answer = await client.post('/sign-in', ADMIN);
  const [line] = answer.headers['set-cookie'].filter((text) => text.startsWith('session='));
  const attributes = line.split(';').map((part) => part.trim().toLowerCase());
  for (const wanted of ['httponly', 'samesite=lax', 'path=/']) assert.ok(attributes.includes(wanted), `${wanted} in ${line}`);
  assert.ok(!attributes.some((part) => part.startsWith('domain=')));
  const first = client.cookies.get('session').value;
  assert.notEqual(first, 'AAAAAAAAAAAAAAAAAAAAAA', 'a session that was handed in is not taken');
  const again = new Client(server);
  await again.post('/sign-in', ADMIN);
  assert.notEqual(again.cookies.get('session').value, first);
  const out = await client.post('/sign-out');
  assert.equal(out.status, 303);
  client.cookies.set('session', { value: first, attributes: [] });
  assert.equal((await client.get('/people')).status, 303, 'the old id means nothing after signing out');
});

test('behind https the cookie is bound to the host and the browser is told to stay', async () => {
  const server = await Server.create('sqlite', ['--public-url', 'https://access.example.com']);
  try {
    const client = await welcome(server);
    const [name, { attributes }] = [...client.cookies].find(([cookie]) => cookie.includes('session'));
    assert.equal(name, '__Host-session');
    const lower = attributes.map((attribute) => attribute.toLowerCase());
    for (const wanted of ['secure', 'httponly', 'samesite=lax', 'path=/']) assert.ok(lower.includes(wanted), wanted);
    const { status, headers } = await client.get('/people');
    assert.equal(status, 200);
    assert.match(headers['strict-transport-security'], /max-age=\d{7,}/);
    const { body } = await client.get('/people/export.csv?q=lund');
    const link = await client.post(`/people/${body.split('\n')[1].split(',')[0]}/link`);
    assert.match(link.body, /https:\/\/access\.example\.com\/set-password\//);
  } finally {
    await server.remove();
  }
});

it('a form from another site is refused', async ({ set, server }) => {
  const form = { username: 'crossed', display_name: 'Crossed Over', kind: 'employee' };
  const strange = [
    { origin: 'https://example.com', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://example.com', 'sec-fetch-site': undefined },
    { origin: 'null', 'sec-fetch-site': undefined },
    { origin: server.url.replace('127.0.0.1', 'localhost'), 'sec-fetch-site': 'same-site' },
  ];
  for (const { origin, 'sec-fetch-site': site } of strange) {
    const answer = await postAs(set.admin, '/people/new', form, { origin, ...(site && { 'sec-fetch-site': site }) });
    assert.equal(answer, 403, `${origin} ${site}`);
  }
  assert.doesNotMatch((await set.admin.get('/people?q=crossed')).body, /Crossed Over/);
  await addPerson(set.admin, form);
});

/** A form with exactly these headers beside the cookie. */
function postAs(client, path, form, headers) {
  const cookie = [...client.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers } };
    const request = http.request(`${client.server.url}${path}`, options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(new URLSearchParams(form).toString());
  });
}

it('health checks answer without a session and say nothing', async ({ server }) => {
  for (const address of ['/healthz', '/readyz']) {
    const { status, body, headers } = await new Client(server).get(address);
    assert.equal(status, 200);
    assert.ok(body.length < 20, body);
    assert.equal(headers['set-cookie'], undefined);
  }
});

it('what is too large or malformed is refused in words', async ({ set }) => {
  const large = await set.admin.post('/people/new', { username: 'large', display_name: 'x'.repeat(400_000), kind: 'employee' });
  assert.equal(large.status, 413);
  assert.match(large.body, /<h1>/);
  const long = await set.admin.post('/people/new', { username: 'long', display_name: 'x'.repeat(300), kind: 'employee' });
  assert.equal(long.status, 422);
  for (const address of ['/people/idn_', '/people/nonsense', '/people/idn_86Rf07xd4z9', '/audit/0', '/audit/99999999', '/audit/x', '/%00', '/people/%ff']) {
    const { status, body } = await set.admin.get(address);
    assert.ok([400, 404].includes(status), `${address} answers ${status}`);
    assert.match(body, /<main\b/, `${address} answers with a page`);
  }
  for (const query of ['?size=7', '?size=x', '?sort=nothing', '?after=nonsense', '?before=%22', '?q=%00', '?at=-5', '?q=' + 'a'.repeat(2000)]) {
    assert.equal((await set.admin.get(`/people${query}`)).status, 200, query.slice(0, 30));
  }
  assert.equal((await set.admin.request('DELETE', '/people')).status, 405);
});
