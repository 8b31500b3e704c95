// Programs that tests run: their output is kept, and none outlives the test process.

import { spawn } from 'node:child_process';

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts a program; its output is in `child.told` (both streams) and, when it has ended, `await child.ended`. */
export function start(program, args, { env = {}, cwd } = {}) {
  const child = spawn(program, args, { cwd, env: { ...outside(), ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  Object.assign(child, { told: '', out: '', err: '' });
  child.stdout.on('data', (part) => { child.told += part; child.out += part; });
  child.stderr.on('data', (part) => { child.told += part; child.err += part; });
  // A program that ends without reading its input is no fault of the test.
  child.stdin.on('error', () => {});
  child.ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => { running.delete(child); resolve({ code, signal, out: child.out, err: child.err }); });
  });
  child.ended.catch(() => {});
  return child;
}

/** Runs a program to its end. */
export async function run(program, args, { input = '', ...options } = {}) {
  const child = start(program, args, options);
  child.stdin.end(input);
  return child.ended;
}

/** The variables of this process, without those that would change what the product does. */
function outside() {
  const kept = { ...process.env };
  for (const name of Object.keys(kept)) {
    if (name === 'DATABASE_URL' || name.startsWith('BAILIWICK_') || name.startsWith('NODE_')) delete kept[name];
  }
  return kept;
}
