import { randomUUID } from 'node:crypto';
import {
  type EventInput,
  type GenerateInput,
  type GenerateMessage,
  type GeneratePlace,
  generatePlaceSchema,
  MAX_EVENTS_PER_BATCH,
  type Receipt,
} from '@tidemark/schemas';
import { parseCursorText, toCursorText } from '../cursor-text.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { generateTraffic } from './generate-traffic/index.ts';

const EVENTS_PER_USER = 20;

/** One run of the generator on one connection: where it stands, and the batches that are left. */
export class GenerateRun {
  readonly #input: GenerateInput;
  readonly #timeZone: string;
  readonly #clock: () => number;
  readonly #connectedAt: number;
  readonly #doneBefore: number;
  #place: GeneratePlace;

  constructor(input: GenerateInput, timeZone: string, clock: () => number) {
    this.#input = input;
    this.#timeZone = timeZone;
    this.#clock = clock;
    this.#connectedAt = clock();
    this.#place = findPlace(input, this.#connectedAt);
    this.#doneBefore = this.done;
  }

  /** Events whose receipts are in: always the first of the run. */
  get done(): number {
    const { accepted, duplicate, rejected } = this.#place;
    return accepted + duplicate + rejected;
  }

  /** The id of a message, by which another connection goes on. */
  get id(): string {
    return toCursorText(this.#place);
  }

  get progress(): GenerateMessage {
    return { done: this.done, total: this.#input.count, perSecond: this.#perSecond(), seed: this.#place.seed };
  }

  get report(): GenerateMessage {
    const { startedAt, ...counts } = this.#place;
    const tookMs = Math.max(0, this.#clock() - startedAt);
    return { report: { ...counts, total: this.#input.count, perSecond: this.#perSecond(), tookMs } };
  }

  /** The events behind the place, in batches as one request may carry; an empty one for each that is passed over. */
  *batches(): Generator<EventInput[]> {
    const { count, from, to, types, devices, users = Math.ceil(count / EVENTS_PER_USER) } = this.#input;
    const { seed } = this.#place;
    const range = { from: Date.parse(from), to: Date.parse(to) };
    const traffic = generateTraffic({ ...range, seed, count, users, types, devices, timeZone: this.#timeZone });
    let left = this.done;
    let batch: EventInput[] = [];
    for (const event of traffic) {
      if (left > 0) {
        left -= 1;
        if (left % MAX_EVENTS_PER_BATCH === 0) yield [];
        continue;
      }
      batch.push(event);
      if (batch.length < MAX_EVENTS_PER_BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  /** Enters the receipts of the next batch, in the order in which batches were taken. */
  enter(receipts: readonly Receipt[]): void {
    const count = (wanted: Receipt['status']) => receipts.filter(({ status }) => status === wanted).length;
    const { accepted, duplicate, rejected, reason, ...rest } = this.#place;
    this.#place = {
      ...rest,
      accepted: accepted + count('accepted'),
      duplicate: duplicate + count('duplicate'),
      rejected: rejected + count('rejected'),
      reason: reason ?? receipts.find((receipt) => receipt.reason !== undefined)?.reason ?? null,
    };
  }

  #perSecond(): number {
    const seconds = (this.#clock() - this.#connectedAt) / 1_000;
    return seconds > 0 ? Math.round((this.done - this.#doneBefore) / seconds) : 0;
  }
}

function findPlace({ lastEventId, seed = randomUUID(), count }: GenerateInput, now: number): GeneratePlace {
  if (lastEventId == null) {
    return { seed: String(seed), accepted: 0, duplicate: 0, rejected: 0, reason: null, startedAt: now };
  }
  const place = generatePlaceSchema.safeParse(parseCursorText(lastEventId));
  const { accepted = 0, duplicate = 0, rejected = 0 } = place.data ?? {};
  if (!place.success || accepted + duplicate + rejected > count) {
    const reason = 'This lastEventId is not of this run: leave it out, and name its seed to go on with it.';
    throw new TidemarkError('invalid_cursor', reason, { field: 'lastEventId' });
  }
  return place.data;
}
