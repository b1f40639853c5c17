import { createServer } from 'node:net';
import { CliError } from '../cli/cli-error.ts';

/** Refuses early, and by the setting's name, when something else listens on a port. */
export async function assertFreePort(port: number, setting: string, host = '127.0.0.1'): Promise<void> {
  const probe = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  probe.once('error', (error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code})`;
    reject(new CliError(`Port ${port} of ${host} ${why}: stop what listens there, or set ${setting} to another port.`));
  });
  probe.listen(port, host, () => probe.close(() => resolve()));
  await promise;
}
