import type { Tidemark, TidemarkError } from '@tidemark/client';
import type { Event, EventPage, ListEventsInput } from '@tidemark/schemas';
import { toFailure } from '../live/connect.ts';

/** Nobody scrolls further; whoever needs more exports it. */
export const MAX_ROWS = 100_000;

/** As many as one call may bring: whoever scrolls on should not meet a limit of calls. */
const MORE_ROWS = 500;

type Asked = { readonly tidemark: Promise<Tidemark>; readonly question: ListEventsInput; readonly page: EventPage };

/** Pages of the log, one after the other; idle → loading → idle, or failed until it is tried again. */
export class EventLog {
  readonly #asked: Asked;
  #events: readonly Event[] = $state.raw([]);
  #cursor = $state<string | null>(null);
  #isLoading = $state(false);
  #failure = $state.raw<TidemarkError>();

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#events = asked.page.items;
    this.#cursor = asked.page.nextCursor;
  }

  get events(): readonly Event[] {
    return this.#events;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  get failure(): TidemarkError | undefined {
    return this.#failure;
  }

  /** Whether the log goes on below its last row. */
  get hasMore(): boolean {
    return this.#cursor !== null && this.#events.length < MAX_ROWS;
  }

  get isFull(): boolean {
    return this.#cursor !== null && this.#events.length >= MAX_ROWS;
  }

  /** The next page; while one is on its way, nothing. */
  async more(): Promise<void> {
    if (this.#isLoading || !this.hasMore) return;
    const { tidemark, question } = this.#asked;
    this.#isLoading = true;
    this.#failure = undefined;
    try {
      const { events } = await tidemark;
      const { items, nextCursor } = await events.list.query({ ...question, limit: MORE_ROWS, cursor: this.#cursor });
      this.#events = [...this.#events, ...items];
      this.#cursor = nextCursor;
    } catch (error) {
      this.#failure = await toFailure(error);
    } finally {
      this.#isLoading = false;
    }
  }
}
