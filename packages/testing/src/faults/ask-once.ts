import { type ErrorData, errorDataSchema } from '@tidemark/schemas';

export type Asked =
  | { readonly type: 'answered'; readonly data: unknown }
  | { readonly type: 'refused'; readonly refusal: ErrorData }
  /** The connection failed before an answer had come whole. */
  | { readonly type: 'lost' }
  /** Neither an answer nor a refusal within the deadline. */
  | { readonly type: 'late' };

/** Asks one query once, over plain HTTP, with a deadline and without the patience of the client. */
export async function askOnce(
  { url, key }: { readonly url: string; readonly key: string },
  procedure: string,
  { input, deadlineMs }: { readonly input: object; readonly deadlineMs: number },
): Promise<Asked> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const query = new URLSearchParams({ input: JSON.stringify(input) });
    const response = await fetch(`${url}/trpc/${procedure}?${query.toString()}`, {
      headers: { authorization: `Bearer ${key}` },
      signal,
    });
    const body = (await response.json()) as { result?: { data: unknown }; error?: { data: unknown } };
    if (body.result !== undefined) return { type: 'answered', data: body.result.data };
    return { type: 'refused', refusal: errorDataSchema.parse(body.error?.data) };
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')) throw error;
    return { type: signal.aborted ? 'late' : 'lost' };
  }
}
