// What people are told reaches the bell and a real SMTP server: with TLS and without, by mail as it arrived there, with a
// server that is away for a while, and with an address that is refused.

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { launch } from '../harness/browser.mjs';
import { hidden, words } from '../harness/client.mjs';
import { pointer } from '../harness/hands.mjs';
import { assertNoOverflow, path } from '../harness/page.mjs';
import { Server } from '../harness/server.mjs';
import { Sink, certificate } from '../harness/smtp.mjs';
import { windows } from '../harness/stage.mjs';
import { ADMIN, ORGANISATION, done, welcome } from '../steps/company.mjs';

/** Long enough for two rounds of housekeeping. */
const PATIENCE = 180_000;
const FROM = 'Bailiwick <access@example.com>';

let browser, tls;
before(async () => {
  tls = certificate();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await rm(tls.folder, { recursive: true, force: true });
});

/** A console that sends mail to a sink. The certificate is trusted as an operator would do it. */
async function console_(sink, url, body, engine = 'sqlite') {
  process.env.SSL_CERT_FILE = tls.cert;
  let server;
  try {
    server = await Server.create(engine, ['--smtp-url', url, '--mail-from', FROM]);
    const admin = await welcome(server);
    await body(server, admin);
    assert.doesNotMatch(server.child.told, /hush-hush/, 'the password of the mail server is in the log');
    await server.stop();
  } finally {
    await server?.remove();
    await sink.stop();
  }
}

async function until(what, found, patience = 20_000) {
  for (const end = Date.now() + patience; Date.now() < end; await pause(100)) {
    const answer = await found();
    if (answer) return answer;
  }
  return assert.fail(`${what} does not happen`);
}

async function askForOne(client) {
  const page = (await client.get('/me/notifications')).body;
  const idem = [...page.matchAll(/name="idem" value="([^"]*)"/g)].at(-1)[1];
  await done(client, '/me/notifications/test', { idem });
}

const LOOKS = [
  { name: 'STARTTLS and a password', engine: 'postgres', scripts: true, width: 1440, sink: () => new Sink({ tls, login: { user: 'b@w', password: 'hush-hush' } }), url: (port) => `smtp://b%40w:hush-hush@127.0.0.1:${port}?tls=required` },
  { name: 'TLS from the first byte', engine: 'sqlite', scripts: false, width: 390, sink: () => new Sink({ tls, secure: true }), url: (port) => `smtps://localhost:${port}` },
  { name: 'a relay on this machine without TLS', engine: 'sqlite', scripts: false, width: 1440, sink: () => new Sink(), url: (port) => `smtp://127.0.0.1:${port}` },
];

for (const { name, engine, scripts, width, sink: make, url } of LOOKS) {
  test(`a message arrives by ${name}, and its link leads to the page`, async () => {
    const sink = await make().start();
    await console_(sink, url(sink.port), async (server, admin) => {
      await windows({ browser, server }, name, async ({ open }) => {
        const window = await open({ scripts, width, as: admin });
        const { page } = window;
        const hands = pointer(window);
        await window.goto('/me/notifications');
        await assertNoOverflow(window, 'settings');
        await hands.follow(page.getByRole('button', { name: 'Send me a test message' }));
        const mail = await until('a mail arrives', () => sink.mails[0]);
        assert.equal(mail.secure, Boolean(sink.options.key));
        assert.deepEqual([mail.from, mail.to], ['access@example.com', [ADMIN.email]]);
        assert.equal(mail.header('Subject'), 'A test message from Bailiwick');
        assert.match(mail.header('From'), /Bailiwick.*<access@example\.com>/);
        assert.match(mail.header('To'), /Ada Lund.*<ada@example\.com>/);
        assert.match(mail.header('Message-ID'), /^<mal_\w+\.bailiwick@example\.com>$/);
        assert.match(mail.header('Content-Type'), /^multipart\/alternative/);
        const link = `${server.url}/me/notifications`;
        for (const part of [mail.text, mail.html]) {
          assert.ok(part.includes('A test message from Bailiwick') && part.includes(link) && part.includes(ORGANISATION), part);
        }
        assert.doesNotMatch(mail.html, /<img|<script|<form|src=/);
        const bell = page.getByRole('link', { name: /^Notifications, 1 unread$/ });
        await hands.follow(bell);
        await assertNoOverflow(window, 'list');
        await hands.follow(page.getByRole('button', { name: 'A test message from Bailiwick' }));
        assert.equal(path(window), '/me/notifications');
        await hands.follow(page.getByRole('banner').getByRole('link', { name: 'Notifications', exact: true }));
        assert.equal(await page.getByRole('main').getByText('Unread', { exact: true }).count(), 1, 'the tab only');
        await window.goto('/me/notifications');
        await page.getByRole('radio', { name: 'Your request was decided: Daily summary' }).check();
        await hands.follow(page.getByRole('button', { name: 'Save', exact: true }));
        assert.ok(await page.getByRole('radio', { name: 'Your request was decided: Daily summary' }).isChecked());
      });
      assert.equal(sink.mails.length, 1);
    }, engine);
  });
}

test('an address that is refused is shown with the reason, and its mail can be sent again', async () => {
  const sink = await new Sink().start();
  sink.refused.add(ADMIN.email);
  await console_(sink, `smtp://127.0.0.1:${sink.port}`, async (server, admin) => {
    await askForOne(admin);
    const page = await until('the mail fails', async () => {
      const { body } = await admin.get('/mail');
      return body.includes('No such user here') && body;
    });
    assert.match(words(page), /Could not be sent/);
    assert.match(words((await admin.get('/me/notifications')).body), /The last mail to you did not get through/);
    sink.refused.clear();
    const again = /name="again" value="([^"]*)"/.exec(page)[1];
    await done(admin, '/mail', { again, idem: hidden(page, 'idem') });
    await until('it arrives', () => sink.mails[0]);
    await until('nothing is left', async () => (await admin.get('/mail')).body.includes('Nothing waits and nothing failed'));
    assert.equal(sink.mails.length, 1);
  });
});

test('while the mail server is away mail waits, and then arrives once', async () => {
  const sink = await new Sink().start();
  await sink.stop();
  await console_(sink, `smtp://127.0.0.1:${sink.port}`, async (server, admin) => {
    await askForOne(admin);
    await until('it is seen to wait', async () => words((await admin.get('/mail')).body).includes('The mail server cannot be used'));
    await sink.start();
    await until('it arrives', () => sink.mails[0], PATIENCE);
    await until('nothing is left', async () => (await admin.get('/mail')).body.includes('Nothing waits and nothing failed'));
    assert.equal(sink.mails.length, 1);
  });
});

test('a mail server that cannot be is refused at the start, without its password', async () => {
  for (const flags of [
    ['--smtp-url', 'https://u:hush-hush@example.com', '--mail-from', FROM],
    ['--smtp-url', 'smtp://u:hush-hush@example.com?tls=none', '--mail-from', FROM],
    ['--smtp-url', 'smtps://u:hush-hush@example.com'],
    ['--mail-from', FROM],
    ['--smtp-url', 'smtps://example.com', '--mail-from', 'nobody'],
  ]) {
    const ended = await refusedStart(flags);
    assert.notEqual(ended.code, 0);
    assert.match(ended.told, /--(smtp-url|mail-from)/);
    assert.doesNotMatch(ended.told, /hush-hush/);
  }
});

async function refusedStart(flags) {
  const { start } = await import('../harness/process.mjs');
  const { binary } = await import('../harness/environment.mjs');
  const child = start(binary, ['serve', '--data-dir', tls.folder, ...flags]);
  const { code } = await child.ended;
  return { code, told: child.told };
}
