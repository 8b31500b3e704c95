// A fresh database on the throw-away PostgreSQL server, through its own command-line client.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { postgres } from './environment.mjs';
import { run } from './process.mjs';

/** On PATH, or where Debian puts it (the newest version). */
function client() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...process.env.PATH.split(delimiter), ...versions.map((version) => join(debian, version, 'bin'))];
  const found = folders.map((folder) => join(folder, 'psql')).find((file) => existsSync(file));
  assert.ok(found, 'psql is missing: install Debian’s postgresql');
  return found;
}

/** Runs SQL on a database and answers what it prints. */
export async function sql(url, text) {
  const { code, out, err } = await run(client(), ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', url], { input: text });
  assert.equal(code, 0, `PostgreSQL refused “${text}”: ${err}`);
  return out.trim();
}

/** Makes an empty database and answers its address. */
export async function createDatabase() {
  const name = `bw_end2end_${randomBytes(6).toString('hex')}`;
  await sql(postgres, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  return url.href;
}

/** Removes it. */
export async function dropDatabase(url) {
  await sql(postgres, `DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
}
