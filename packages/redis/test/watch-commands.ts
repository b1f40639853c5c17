import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';

/**
 * The names of the commands with a part in one of their arguments, as Redis itself reports them, until it is
 * stopped. Over a socket of its own: the client's MONITOR fails where others' commands come along with its first answer.
 */
export async function watchCommands(url: string, part: string): Promise<{ stop: () => Promise<string[]> }> {
  const { hostname, port, username, password } = new URL(url);
  const greetings = [...(password === '' ? [] : [`AUTH ${username || 'default'} ${password}`]), 'MONITOR'];
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const mark = randomUUID();
  const seen: string[] = [];
  let answers = 0;
  const socket = connect(Number(port || 6_379), hostname);
  socket.on('error', begun.reject);
  createInterface({ input: socket }).on('line', (line) => {
    if (line.startsWith('-')) begun.reject(new Error(line));
    if (line === '+OK') answers += 1;
    if (answers === greetings.length) begun.resolve();
    const [name = '', ...args] = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word);
    if (args[0] === mark) ended.resolve();
    else if (args.some((arg) => arg.includes(part))) seen.push(name.toLowerCase());
  });
  for (const greeting of greetings) socket.write(`${greeting}\r\n`);
  await begun.promise;
  return {
    async stop() {
      const client = new Redis(url);
      await client.echo(mark);
      await ended.promise;
      client.disconnect();
      socket.destroy();
      return seen;
    },
  };
}
