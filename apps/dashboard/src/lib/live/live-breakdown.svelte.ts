import type { Tidemark, TidemarkError } from '@tidemark/client';
import type { Breakdown, BreakdownInput } from '@tidemark/schemas';
import { toFailure } from './connect.ts';

/** What is not watched is asked again when what is watched has changed, but no more often than this. */
const EVERY_MS = 5_000;

type Asked = {
  readonly tidemark: Promise<Tidemark>;
  /** Undefined: there is nothing to ask. */
  readonly question: BreakdownInput | undefined;
  readonly answer: Breakdown | null;
  readonly failure: TidemarkError | null;
};

/** A breakdown that follows a stream of other numbers: users and properties are counted, not watched. */
export class LiveBreakdown {
  readonly #asked: () => Asked;
  #newer = $state.raw<{ than: BreakdownInput; breakdown: Breakdown } | undefined>();
  #failed = $state.raw<{ than: BreakdownInput; failure: TidemarkError } | undefined>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(asked: () => Asked) {
    this.#asked = asked;
  }

  get breakdown(): Breakdown | null {
    const { question, answer } = this.#asked();
    return this.#newer !== undefined && this.#newer.than === question ? this.#newer.breakdown : answer;
  }

  get failure(): TidemarkError | null {
    const { question, failure } = this.#asked();
    return this.#failed !== undefined && this.#failed.than === question ? this.#failed.failure : failure;
  }

  /** Something has changed: asks in a moment, once for everything that changes until then. */
  hear(): void {
    this.#timer ??= setTimeout(() => void this.#ask(), EVERY_MS);
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    const { tidemark, question } = this.#asked();
    if (question === undefined) return;
    try {
      this.#newer = { than: question, breakdown: await (await tidemark).analytics.breakdown.query(question) };
      this.#failed = undefined;
    } catch (error) {
      this.#failed = { than: question, failure: await toFailure(error) };
    }
  }
}
