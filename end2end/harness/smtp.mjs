// A real SMTP server that keeps what it takes, with TLS or without, and can refuse.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SMTPServer } from 'smtp-server';

/** A key and a certificate for 127.0.0.1 and localhost that no system trusts by itself. */
export function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-smtp-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-keyout', key, '-out', cert,
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE',
  ], { stdio: 'ignore' });
  return { folder, cert, options: { key: readFileSync(key), cert: readFileSync(cert) } };
}

/** `tls` is what `certificate` answered, `secure` speaks TLS from the first byte, `login` is asked for. */
export class Sink {
  constructor({ tls, secure = false, login } = {}) {
    this.mails = [];
    this.refused = new Set();
    this.options = {
      ...tls?.options,
      secure,
      disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
      authOptional: !login,
      onAuth: (given, _, answer) => {
        const fits = given.username === login?.user && given.password === login?.password;
        answer(fits ? null : new Error('Wrong name or password'), fits ? { user: given.username } : undefined);
      },
      onRcptTo: ({ address }, _, answer) => {
        const no = Object.assign(new Error(`No such user here: ${address}`), { responseCode: 550 });
        answer(this.refused.has(address) ? no : undefined);
      },
      onData: (stream, session, answer) => {
        const parts = [];
        stream.on('data', (part) => parts.push(part));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          this.mails.push({ from: mailFrom.address, to: rcptTo.map((to) => to.address), secure: session.secure, ...parse(Buffer.concat(parts).toString()) });
          answer();
        });
      },
    };
  }

  /** Listens, at the same port as before when it did. */
  async start() {
    this.server = new SMTPServer(this.options);
    this.server.on('error', () => {});
    await new Promise((resolve) => { this.server.listen(this.port ?? 0, '127.0.0.1', resolve); });
    this.port = this.server.server.address().port;
    return this;
  }

  stop() {
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}

/** Headers and the two bodies of a mail in two parts. */
function parse(raw) {
  const [head, body] = split(raw);
  const boundary = /boundary="?([^";\r\n]+)/.exec(head)[1];
  const parts = body.split(`--${boundary}`).slice(1, -1).map((part) => split(part.replace(/^\r\n/, '')));
  const of = (type) => parts.filter(([partHead]) => partHead.includes(type)).map(([partHead, text]) => decode(partHead, text))[0];
  const header = (name) => words(new RegExp(`^${name}: (.*)$`, 'im').exec(head.replace(/\r\n[ \t]/g, ' '))?.[1] ?? '');
  return { raw, header, text: of('text/plain'), html: of('text/html') };
}

function split(text) {
  const at = text.indexOf('\r\n\r\n');
  return [text.slice(0, at), text.slice(at + 4)];
}

function decode(head, text) {
  if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString();
  if (!/quoted-printable/i.test(head)) return text;
  const bytes = text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** Words of a header that are not ASCII. */
function words(text) {
  return text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, coded) => Buffer.from(coded, 'base64').toString());
}
