import { type ErrorCode, type ErrorData, errorDataSchema } from '@tidemark/schemas';
import { expect } from 'vitest';
import { z } from 'zod';
import { dataOf, refusalOf } from '../contract/expectations.ts';
import { type HttpCaller, toQueryPath } from '../contract/http-caller.ts';
import { SseReader } from '../contract/sse-reader.ts';

/** What a call came to: its data, or why it was refused. */
export type Asked<Data> =
  | { readonly data: Data; readonly refusal?: never }
  | { readonly data?: never; readonly refusal: ErrorData };

/** Longer ones go into a body: a server reads headers of 16 KiB. */
const MAX_URL = 8_000;

/** Calls a query or a mutation; fails unless it is answered in the contract's shape or refused in it, with a remedy. */
export async function ask<Data>(
  caller: HttpCaller,
  { path, isQuery, output }: { path: string; isQuery: boolean; output: z.ZodType<Data> },
  input: unknown,
): Promise<Asked<Data>> {
  const answer = await (isQuery && isShort(path, input) ? caller.query(path, input) : caller.post(path, input));
  if (answer.status === 200) return { data: dataOf(answer, output) };
  const refusal = refusalOf(answer);
  assertHelpful(refusal);
  return { refusal };
}

/** Opens a stream and reads messages until `isEnough`, or until it is refused. */
export async function listen<Data>(
  caller: HttpCaller,
  path: string,
  input: unknown,
  { output, isEnough }: { output: z.ZodType<Data>; isEnough: (heard: readonly Data[]) => boolean },
): Promise<Asked<Data[]>> {
  await using stream = await SseReader.open(caller, path, input, isShort(path, input) ? 'GET' : 'POST');
  expect(stream.response.status).toBeLessThan(500);
  if (!stream.response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const { error } = z.object({ error: z.unknown() }).parse(await stream.response.json());
    return { refusal: toRefusal(error) };
  }
  const heard: Data[] = [];
  while (!isEnough(heard)) {
    const message = await stream.next();
    if (message === undefined) break;
    if (message.event === 'serialized-error') return { refusal: toRefusal(message.data) };
    if (message.event === null) heard.push(output.parse(message.data));
  }
  return { data: heard };
}

function isShort(path: string, input: unknown): boolean {
  return toQueryPath(path, input).length < MAX_URL;
}

function toRefusal(error: unknown): ErrorData {
  const { message, data } = z.object({ message: z.string(), data: z.strictObject(errorDataSchema.shape) }).parse(error);
  expect(data.reason).toBe(message);
  assertHelpful(data);
  return data;
}

/** A refusal is the caller's fault and says so; one of the input names each field and what it should be. */
function assertHelpful({ httpStatus, code, reason, evidence }: ErrorData): void {
  expect(httpStatus, reason).toBeLessThan(500);
  expect(reason).not.toBe('');
  if (code !== 'invalid_input' || !('issues' in evidence)) return;
  const { issues } = z
    .object({ issues: z.array(z.object({ path: z.string(), message: z.string() })).min(1) })
    .parse(evidence);
  for (const { path, message } of issues) {
    expect(message, `${path} in ${reason}`).not.toMatch(/^(?:Invalid input)?$/);
    expect(reason).toContain(path === '' ? message : `${path}: ${message}`);
  }
}

export function expectOneOf({ code, reason }: ErrorData, codes: readonly ErrorCode[]): void {
  expect(codes, `${code}: ${reason}`).toContain(code);
}
