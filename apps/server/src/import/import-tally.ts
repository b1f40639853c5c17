import type { Receipt } from '@tidemark/schemas';

/** Where a line came from: the input as it was named, and its number from 1. */
export type LineRef = { readonly input: string; readonly line: number };
export type BrokenLine = LineRef & { readonly reason: string };
/** Why events were refused: one entry per code and field, with the first such line. */
export type Refusal = LineRef & {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  count: number;
};

const SHOWN_BROKEN_LINES = 5;
/** Property paths come from the data; past so many reasons the rest share one per code. */
const MAX_REFUSALS = 50;

/** The running figures of an import; the progress view reads them, the report is made of them. */
export class ImportTally {
  bytes = 0;
  lines = 0;
  /** Lines that were read as events, sent or not. */
  events = 0;
  accepted = 0;
  duplicates = 0;
  rejected = 0;
  broken = 0;
  /** What the import waits for, in words, while it does. */
  waiting: string | undefined;
  readonly brokenLines: BrokenLine[] = [];
  readonly unreadable: { input: string; reason: string }[] = [];
  readonly #refusals = new Map<string, Refusal>();

  addBroken(line: BrokenLine): undefined {
    this.broken += 1;
    if (this.brokenLines.length < SHOWN_BROKEN_LINES) this.brokenLines.push(line);
    return undefined;
  }

  addReceipt({ status, reason }: Receipt, { input, line }: LineRef): void {
    if (status === 'accepted') this.accepted += 1;
    else if (status === 'duplicate') this.duplicates += 1;
    else this.rejected += 1;
    if (reason === undefined) return;
    const name = `${reason.code} ${reason.path}`;
    const key = this.#refusals.has(name) || this.#refusals.size < MAX_REFUSALS ? name : reason.code;
    const refusal = this.#refusals.get(key);
    if (refusal === undefined) this.#refusals.set(key, { ...reason, count: 1, input, line });
    else refusal.count += 1;
  }

  /** The commonest first. */
  get refusals(): readonly Readonly<Refusal>[] {
    return [...this.#refusals.values()].toSorted((a, b) => b.count - a.count);
  }

  /** Events whose receipt has come. */
  get settled(): number {
    return this.accepted + this.duplicates + this.rejected;
  }
}
