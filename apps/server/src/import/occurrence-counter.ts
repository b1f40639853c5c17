import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** Lines held in memory, in each of two generations; about 15 MB together. */
const GENERATION_SIZE = 50_000;
/** SQLite's own memory; the rest of what has been put away is on disk, at some 40 bytes a line. */
const CACHE_KIB = 16 * 1024;

type Seen = { readonly second: number; times: number };

/**
 * Counts how often each line has been seen: exactly, whatever the order, and in bounded memory. Lines of late
 * are in two maps; when the young one is full, the old one is put away in a temporary database, which is
 * deleted when closed or killed, and the young one becomes the old. In a log in order, a new line is of a later
 * second than anything put away, so that nothing needs looking up.
 */
export class OccurrenceCounter implements Disposable {
  readonly #generationSize: number;
  #young = new Map<string, Seen>();
  #old = new Map<string, Seen>();
  #archive: Archive | undefined;

  constructor(generationSize = GENERATION_SIZE) {
    this.#generationSize = generationSize;
  }

  /** How often this line was seen before: 0 the first time. `line` is a digest of its bytes, `second` its time. */
  count(second: number, line: string): number {
    const young = this.#young.get(line);
    if (young !== undefined) return young.times++;
    const times = this.#old.get(line)?.times ?? this.#archive?.find(second, line) ?? 0;
    this.#old.delete(line);
    this.#young.set(line, { second, times: times + 1 });
    if (this.#young.size >= this.#generationSize) this.#age();
    return times;
  }

  [Symbol.dispose](): void {
    this.#archive?.[Symbol.dispose]();
  }

  #age(): void {
    if (this.#old.size > 0) {
      this.#archive ??= new Archive();
      for (const [line, seen] of this.#old) this.#archive.put(line, seen);
    }
    this.#old = this.#young;
    this.#young = new Map();
  }
}

/** Keyed by second first, so that lines in order fill page after page. */
class Archive implements Disposable {
  readonly #database = new DatabaseSync('');
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  #latestSecond = Number.NEGATIVE_INFINITY;

  constructor() {
    this.#database.exec(`
      PRAGMA journal_mode = OFF;
      PRAGMA synchronous = OFF;
      PRAGMA cache_size = -${CACHE_KIB};
      CREATE TABLE seen (second INTEGER, line BLOB, times INTEGER, PRIMARY KEY (second, line)) WITHOUT ROWID;
      BEGIN;
    `);
    this.#put = this.#database.prepare('INSERT OR REPLACE INTO seen VALUES (?, ?, ?)');
    this.#find = this.#database.prepare('SELECT times FROM seen WHERE second = ? AND line = ?');
  }

  put(line: string, { second, times }: Seen): void {
    this.#put.run(second, Buffer.from(line, 'latin1'), times);
    this.#latestSecond = Math.max(this.#latestSecond, second);
  }

  find(second: number, line: string): number | undefined {
    if (second > this.#latestSecond) return undefined;
    const row = this.#find.get(second, Buffer.from(line, 'latin1'));
    return row === undefined ? undefined : Number(row.times);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
