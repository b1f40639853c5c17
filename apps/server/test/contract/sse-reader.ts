import { type HttpCaller, toQueryPath } from './http-caller.ts';

/** One event of a stream as it came over the wire; what it did not say is null. */
export type SseEvent = { readonly event: string | null; readonly id: string | null; readonly data: unknown };

/** Reads a stream of server-sent events by hand, as the standard describes them. */
export class SseReader implements AsyncDisposable {
  readonly response: Response;
  readonly #leaving: AbortController;
  readonly #events: AsyncGenerator<SseEvent>;

  private constructor(response: Response, leaving: AbortController) {
    this.response = response;
    this.#leaving = leaving;
    this.#events = readEvents(response);
  }

  static async open(
    caller: HttpCaller,
    procedure: string,
    input: unknown,
    method: 'GET' | 'POST' = 'GET',
  ): Promise<SseReader> {
    const leaving = new AbortController();
    const post = {
      method,
      headers: { ...caller.headers, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    };
    const [path, init] =
      method === 'GET' ? [toQueryPath(procedure, input), { headers: caller.headers }] : [toQueryPath(procedure), post];
    const response = await fetch(`${caller.url}${path}`, { ...init, signal: leaving.signal });
    return new SseReader(response, leaving);
  }

  /** The next event; undefined once the server has ended the stream. */
  async next(): Promise<SseEvent | undefined> {
    const { done, value } = await this.#events.next();
    return done === true ? undefined : value;
  }

  /** The first event from here on that is as wished; every stream of ours sends one at least every 5 s. */
  async find(isWished: (event: SseEvent) => boolean): Promise<SseEvent> {
    for (;;) {
      const event = await this.next();
      if (event === undefined) throw new Error('the stream ended before');
      if (isWished(event)) return event;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#events.return(undefined);
  }
}

async function* readEvents(response: Response): AsyncGenerator<SseEvent> {
  let text = '';
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event !== undefined) yield event;
      }
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}

/** Undefined for a block without data, such as a comment. */
function parseBlock(block: string): SseEvent | undefined {
  const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')]));
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return {
    event: fields.get('event') ?? null,
    id: fields.get('id') ?? null,
    data: data === '' ? null : (JSON.parse(data) as unknown),
  };
}
