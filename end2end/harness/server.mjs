// The product as its users run it: the binary with a data directory and a port of its own.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { binary, clocked } from './environment.mjs';
import { createDatabase, dropDatabase } from './postgres.mjs';
import { run, start } from './process.mjs';

const PATIENCE = 30_000;

export class Server {
  /** A server on an empty database; `engine` is 'sqlite' or 'postgres', `flags` are further ones for `serve`. */
  static async create(engine = 'sqlite', flags = [], program = [binary, 'serve']) {
    const server = new Server();
    Object.assign(server, { flags, program });
    server.folder = await mkdtemp(join(tmpdir(), 'bailiwick-end2end-'));
    server.database = engine === 'postgres' ? await createDatabase() : '';
    await server.start();
    return server;
  }

  /** One whose clock `advance` moves. */
  static createClocked(engine = 'sqlite') {
    return Server.create(engine, [], [clocked]);
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  get env() {
    return this.database ? { DATABASE_URL: this.database } : {};
  }

  /** Starts the process and waits until it is ready. Another program may take the free port first, hence the attempts. */
  async start() {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      this.port ??= await freePort();
      const [program, ...first] = this.program;
      const args = [...first, '--data-dir', this.folder, '--listen', `127.0.0.1:${this.port}`, ...this.flags];
      this.child = start(program, args, { env: this.env });
      if (await this.#isReady()) return;
      this.port = undefined;
    }
    assert.fail(`the server does not start:\n${this.child.told}`);
  }

  async #isReady() {
    const until = Date.now() + PATIENCE;
    while (Date.now() < until && this.child.exitCode === null) {
      if (await status(`${this.url}/readyz`) === 200) return true;
      await pause(20);
    }
    return false;
  }

  /** Moves the clock ahead, with one round of housekeeping after it; only for one of `createClocked`. */
  async advance(seconds) {
    const answers = () => this.child.out.match(/^now .*$/gm)?.length ?? 0;
    const before = answers();
    this.child.stdin.write(`advance ${seconds}\n`);
    const until = Date.now() + PATIENCE;
    while (answers() === before) {
      assert.ok(Date.now() < until && this.child.exitCode === null, `the clock does not move:\n${this.tail()}`);
      await pause(20);
    }
  }

  /** Launches a review of what everybody has, by their managers; only for one of `createClocked`. Answers its id. */
  async review(owner, name) {
    this.child.stdin.write(`review ${owner} ${name}\n`);
    const until = Date.now() + PATIENCE;
    for (;;) {
      const found = this.child.out.match(/^campaign (.*)$/m)?.[1];
      if (found) return found;
      assert.ok(Date.now() < until && this.child.exitCode === null, `no review is launched:\n${this.tail()}`);
      await pause(20);
    }
  }

  /** Asks it to end, as an operator would, and expects that it does so in order. */
  async stop() {
    // The one with a clock ends with its input.
    if (this.program[0] === clocked) this.child.stdin.end();
    else this.child.kill('SIGTERM');
    const late = new AbortController();
    const ended = await Promise.race([this.child.ended, pause(PATIENCE, null, { signal: late.signal }).catch(() => null)]);
    late.abort();
    assert.ok(ended, `the server does not end:\n${this.tail()}`);
    assert.equal(ended.code, 0, `the server ended badly (${ended.code ?? ended.signal}):\n${this.tail()}`);
  }

  /** Ends it in the middle of everything. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.child.ended;
  }

  /** Runs another command of the binary on the same data. */
  async command(args, input) {
    return run(binary, [...args, '--data-dir', this.folder], { env: this.env, input });
  }

  /** The last lines of its log. */
  tail(lines = 30) {
    return this.child.told.split('\n').slice(-lines).join('\n');
  }

  /** Stops it, removes its data, and expects that nothing went wrong inside. */
  async remove() {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.stop();
    await rm(this.folder, { recursive: true, force: true });
    if (this.database) await dropDatabase(this.database);
    const wrong = this.child.told.split('\n').filter((line) => /panicked|\bERROR\b|"level":"error"/i.test(line));
    assert.deepEqual(wrong, [], 'the server’s log has errors');
  }
}

/** A port nobody listens on just now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function status(url) {
  return new Promise((resolve) => {
    const request = http.get(url, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', () => resolve(0));
  });
}
