// Runs the end-to-end tests: every file of tests/ in a process of its own, two at a time, the longest first.
//
// Prints what Node's runner prints, the counts last, and ends as it ends. What it needs comes in variables that
// `cargo xtask test` sets; harness/environment.mjs names them. Arguments choose files: `node end2end/run.mjs walk`.

import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { missing } from './harness/environment.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const FIRST = ['axe', 'axe_access', 'import', 'crash', 'import_command', 'walk', 'keyboard'];

const absent = missing();
if (absent.length > 0) {
  console.error(`${absent.join(', ')} must be set: run the tests with \`cargo xtask test\`, which sets them.`);
  process.exit(2);
}

const wanted = process.argv.slice(2);
const place = (file) => {
  const at = FIRST.findIndex((name) => file.startsWith(`${name}.`));
  return at < 0 ? FIRST.length : at;
};
const files = readdirSync(join(here, 'tests'))
  .filter((file) => file.endsWith('.test.mjs'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)))
  .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
  .map((file) => join('tests', file));

rmSync(join(here, 'results'), { recursive: true, force: true });
const options = ['--test', '--test-concurrency=2', '--test-reporter=spec', '--test-timeout=600000'];
const runner = spawn(process.execPath, [...options, ...files], { cwd: here, stdio: 'inherit' });
runner.on('exit', (code) => process.exit(code ?? 1));
