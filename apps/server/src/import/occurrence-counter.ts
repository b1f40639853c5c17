import { DatabaseSync } from 'node:sqlite';

/** Memory for the pages in use; what does not fit goes to the unnamed temporary file. */
const CACHE_KIB = 16 * 1024;

/**
 * Counts how often each line has been seen, exactly, whatever the order and the number of lines. SQLite's
 * temporary database keeps the counts: in memory while they are few, then on disk at some 40 bytes a line,
 * deleted when closed or killed. Keyed by second first, so that a log in order touches a few pages at a time.
 */
export class OccurrenceCounter implements Disposable {
  readonly #database = new DatabaseSync('');
  readonly #count;

  constructor() {
    this.#database.exec(`
      PRAGMA journal_mode = OFF;
      PRAGMA synchronous = OFF;
      PRAGMA cache_size = -${CACHE_KIB};
      CREATE TABLE seen (second INTEGER, line BLOB, times INTEGER, PRIMARY KEY (second, line)) WITHOUT ROWID;
      BEGIN;
    `);
    this.#count = this.#database.prepare(
      'INSERT INTO seen VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times',
    );
  }

  /** How often this line was seen before: 0 the first time. `line` is a digest of its bytes. */
  count(second: number, line: Uint8Array): number {
    return Number(this.#count.get(second, line)?.['times']) - 1;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
