/** What came back, its body read as JSON where it is JSON. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

export type Headings = Readonly<Record<string, string>>;

/** Calls the API as any HTTP client would: plain fetch, headers and JSON, nothing of our client. */
export class HttpCaller {
  readonly url: string;
  readonly headers: Headings;

  constructor(url: string, headers: Headings = {}) {
    this.url = url;
    this.headers = headers;
  }

  with(headers: Headings): HttpCaller {
    return new HttpCaller(this.url, { ...this.headers, ...headers });
  }

  withKey(key: string): HttpCaller {
    return this.with({ authorization: `Bearer ${key}` });
  }

  /** GET, with the input in the URL. */
  query(procedure: string, input?: unknown): Promise<Answer> {
    return this.send(toQueryPath(procedure, input));
  }

  /** POST, with the input as the body. */
  post(procedure: string, input?: unknown): Promise<Answer> {
    const body = input === undefined ? null : JSON.stringify(input);
    return this.send(`/trpc/${procedure}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }

  async send(path: string, init: Omit<RequestInit, 'headers'> & { headers?: Headings } = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, { ...init, headers: { ...this.headers, ...init.headers } });
    const { status, headers } = response;
    const text = await response.text();
    const isJson = headers.get('content-type')?.startsWith('application/json') === true;
    return { status, headers, body: isJson ? JSON.parse(text) : text };
  }
}

export function toQueryPath(procedure: string, input?: unknown): string {
  const search = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  return `/trpc/${procedure}${search}`;
}
