import { Agent, request } from 'node:http';

export type PostTarget = { readonly url: string; readonly key: string };

/** Asks one thing after another over a connection that stays open, and resolves with the answers' text. */
export type Poster = Disposable & {
  /** A mutation. */
  post(procedure: string, body: string): Promise<string>;
  /** A query, with its input in the path. */
  get(path: string): Promise<string>;
};

export function openPoster({ url, key }: PostTarget): Poster {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const send = (method: 'GET' | 'POST', path: string, body = '') =>
    new Promise<string>((resolve, reject) => {
      const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
      const sent = request(`${url}/trpc/${path}`, { method, agent, headers: { ...headers, ...length } });
      sent.on('error', reject);
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('error', reject).on('end', () => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 500)}`));
        });
      });
      sent.end(body);
    });
  return {
    post: (procedure, body) => send('POST', procedure, body),
    get: (path) => send('GET', path),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
