import type { CallOutcome } from '@tidemark/services';
import { toCode } from './to-error-shape.ts';

/** Whoever is told of a stream: of each once at most. */
export type StreamObserver = {
  /** Its first value is there, or it was refused or over without one; not where its reader left before. */
  answered(outcome: CallOutcome): void;
  /** `ok` where it was over or its reader left. */
  ended(outcome: CallOutcome): void;
};

/** The values as they come, and word of how the stream begins and ends. */
export function measureStream<Value>(
  values: AsyncIterable<Value>,
  { answered, ended }: StreamObserver,
  signal?: AbortSignal,
): AsyncGenerator<Value> {
  let state: 'open' | 'answered' | 'ended' = 'open';
  const answer = (outcome: CallOutcome) => {
    if (state !== 'open') return;
    state = 'answered';
    answered(outcome);
  };
  const end = (outcome: CallOutcome) => {
    if (state === 'ended') return;
    state = 'ended';
    ended(outcome);
  };
  // Whoever leaves early has asked for no value and never will: the values alone would not tell.
  if (signal?.aborted === true) end('ok');
  signal?.addEventListener('abort', () => end('ok'), { once: true });
  return pass();

  async function* pass(): AsyncGenerator<Value> {
    try {
      for await (const value of values) {
        answer('ok');
        yield value;
      }
      answer('ok');
    } catch (error) {
      const code = toCode(error);
      answer(code);
      end(code);
      throw error;
    } finally {
      end('ok');
    }
  }
}
