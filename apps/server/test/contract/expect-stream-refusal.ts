import type { ErrorCode, ErrorData } from '@tidemark/schemas';
import { expect } from 'vitest';
import { refusalOf } from './expectations.ts';
import type { SseReader } from './sse-reader.ts';

/** A stream that was refused says why, in the shape of every refusal, and ends. */
export async function expectStreamRefusal(stream: SseReader, code: ErrorCode): Promise<ErrorData> {
  const { data } = await stream.find(({ event }) => event === 'serialized-error');
  const { headers } = stream.response;
  const status = (data as { data: { httpStatus: number } }).data.httpStatus;
  const refusal = refusalOf({ status, headers, body: { error: data } });
  expect(refusal).toMatchObject({ code });
  expect(await stream.next()).toBeUndefined();
  return refusal;
}
