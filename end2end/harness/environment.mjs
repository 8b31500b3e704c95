// What the tests need from outside, and where they leave what helps to find a fault.

import { fileURLToPath } from 'node:url';

const VARIABLES = ['BAILIWICK_BIN', 'BAILIWICK_TEST_SERVER', 'BAILIWICK_CHROMIUM', 'BAILIWICK_TEST_POSTGRES'];

/** The variables that are not set. */
export function missing() {
  return VARIABLES.filter((name) => !process.env[name]);
}

/** The development binary. */
export const binary = process.env.BAILIWICK_BIN;
/** The server whose clock can be moved. */
export const clocked = process.env.BAILIWICK_TEST_SERVER;
/** The browser. */
export const chromium = process.env.BAILIWICK_CHROMIUM;
/** A throw-away PostgreSQL server whose user may create databases. */
export const postgres = process.env.BAILIWICK_TEST_POSTGRES;
/** Screenshots and logs of tests that failed. */
export const results = fileURLToPath(new URL('../results/', import.meta.url));
