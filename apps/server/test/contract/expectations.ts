import { ERROR_STATUS, type ErrorCode, type ErrorData, errorDataSchema } from '@tidemark/schemas';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Answer } from './http-caller.ts';

/** The data of a success, which has the schema's shape and nothing besides. */
export function dataOf<Data>(answer: Answer, schema: z.ZodType<Data>): Data {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const { result } = z.strictObject({ result: z.strictObject({ data: z.unknown() }) }).parse(answer.body);
  const data = schema.parse(result.data);
  expect(data).toEqual(result.data);
  return data;
}

const refusalSchema = z.strictObject({
  error: z.strictObject({ message: z.string(), code: z.number(), data: z.strictObject(errorDataSchema.shape) }),
});

/** The `error.data` of a refusal, which names its code, its status, a reason and the request, each in every place it stands. */
export function refusalOf(answer: Answer): ErrorData {
  const { message, data } = refusalSchema.parse(answer.body).error;
  expect(data.httpStatus).toBe(ERROR_STATUS[data.code]);
  expect(data.reason).toBe(message);
  expect(data.reason).not.toBe('');
  expect(answer.status).toBe(data.httpStatus);
  expect(data.requestId).toBe(answer.headers.get('x-request-id'));
  return data;
}

export function expectRefusal(answer: Answer, code: ErrorCode): ErrorData {
  const refusal = refusalOf(answer);
  expect(refusal).toMatchObject({ code });
  return refusal;
}

/** What is wrong with an input, by its paths. */
export function expectInvalid(answer: Answer, ...paths: readonly string[]): void {
  const { evidence } = expectRefusal(answer, 'invalid_input');
  const { issues } = z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })) }).parse(evidence);
  expect(issues.map(({ path }) => path)).toEqual(expect.arrayContaining([...paths]));
}
