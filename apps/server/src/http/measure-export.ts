import type { IncomingMessage, ServerResponse } from 'node:http';
import { measureStream, toCode } from '@tidemark/router';
import type { CallOutcome, NotedCall, Resources } from '@tidemark/services';
import { toTrail } from './request-trail.ts';

/** Both formats: what is counted is the work, which is the same. */
const NAME = 'export';

/** What an export sends goes by way of this. */
export type MeasureTexts = (texts: AsyncIterable<string>) => AsyncGenerator<string>;

/** Measures an export as a stream of a procedure is: until its first byte or its refusal, and by how it ended. */
export async function measureExport(
  request: IncomingMessage,
  response: ServerResponse,
  { metrics }: Resources,
  send: (measure: MeasureTexts) => Promise<void>,
): Promise<void> {
  const call = metrics.begin(NAME);
  const noted: NotedCall = { procedure: NAME, outcome: 'ok' };
  const answered = () => {
    call.answered();
    toTrail(request).calls.push(noted);
  };
  const ended = (outcome: CallOutcome) => {
    noted.outcome = outcome;
    call.ended(outcome);
  };
  const left = new AbortController();
  response.once('close', () => left.abort());
  let isStream = false;
  const endWhole = (outcome: CallOutcome) => {
    if (isStream) return;
    answered();
    ended(outcome);
  };
  try {
    await send((texts) => {
      isStream = true;
      return measureStream(texts, { answered, ended }, left.signal);
    });
    endWhole('ok');
  } catch (error) {
    endWhole(toCode(error));
    throw error;
  }
}
