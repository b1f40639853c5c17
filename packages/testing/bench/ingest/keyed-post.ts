import { Agent, request } from 'node:http';

export type PostTarget = { readonly url: string; readonly key: string };

/** A connection that stays open: posts bodies one after another and resolves with the answers' text. */
export function openPoster({
  url,
  key,
}: PostTarget): { post(procedure: string, body: string): Promise<string> } & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const post = (procedure: string, body: string) =>
    new Promise<string>((resolve, reject) => {
      const sent = request(`${url}/trpc/${procedure}`, {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('error', reject).on('end', () => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${procedure} answered ${response.statusCode}: ${text.slice(0, 500)}`));
        });
      });
      sent.end(body);
    });
  return { post, [Symbol.dispose]: () => agent.destroy() };
}
