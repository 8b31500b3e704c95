// Changes the embedded database behind the product's back, while the server is stopped.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import initialise from 'sql.js';

/** Bytes 18 and 19 of the header: 2 when the file is used with a write-ahead log, which an engine in memory cannot. */
const JOURNAL = [18, 19];

/** The database of a stopped server; everything it has must be in the one file. */
export class Database {
  static async open(folder) {
    const database = new Database();
    database.file = join(folder, 'bailiwick.db');
    assert.ok(!existsSync(`${database.file}-wal`), 'a server that stopped in order leaves no write-ahead log');
    database.original = await readFile(database.file);
    database.engine = await initialise();
    return database;
  }

  /** Answers the rows of a query on the original. */
  rows(query) {
    const opened = this.#opened();
    const [result] = opened.exec(query);
    opened.close();
    return result?.values ?? [];
  }

  /** Runs statements on the original and puts the result in its place. */
  async change(statements) {
    const opened = this.#opened();
    opened.exec(statements);
    assert.ok(opened.getRowsModified() > 0, `nothing was changed by ${statements}`);
    const bytes = Buffer.from(opened.export());
    opened.close();
    for (const at of JOURNAL) bytes[at] = this.original[at];
    await this.#write(bytes);
  }

  /** As it was. */
  restore() {
    return this.#write(this.original);
  }

  #opened() {
    const bytes = Buffer.from(this.original);
    for (const at of JOURNAL) bytes[at] = 1;
    return new this.engine.Database(bytes);
  }

  async #write(bytes) {
    await Promise.all(['-wal', '-shm'].map((end) => rm(`${this.file}${end}`, { force: true })));
    await writeFile(this.file, bytes);
  }
}
