import { join, resolve } from 'node:path';
import { type Credentials, findCredentials } from '@tidemark/client/local';
import type { Env } from '../env.ts';
import { Failure } from './failure.ts';

/** Where the server is and as whom to ask. */
export type Connection = {
  readonly url: string;
  readonly key: string;
  /** Where the dashboard is, for `o`; undefined where nobody said. */
  readonly dashboard: string | undefined;
};

export type ConnectionFlags = { readonly url?: string; readonly key?: string; readonly dashboard?: string };

const DEFAULT_URL = 'http://127.0.0.1:3001';
const REPOSITORY = resolve(import.meta.dirname, '../../../..');

/** Flags before the environment before the credentials file, as everywhere in Tidemark. */
export async function resolveConnection(flags: ConnectionFlags, env: Env): Promise<Connection> {
  const credentials = await findLocal(env);
  const url = toUrl(flags.url ?? env.url ?? credentials?.api ?? DEFAULT_URL);
  const local = ofThisServer(credentials, url);
  const key = flags.key ?? env.key ?? local?.platformKey;
  const dashboard = flags.dashboard ?? env.dashboard ?? local?.dashboard;
  if (key !== undefined) return { url, key, dashboard: dashboard === undefined ? undefined : toUrl(dashboard) };
  if (credentials !== undefined) {
    throw new Failure(
      `The local credentials are for ${credentials.api}, not for ${url}.`,
      'Give a key of that server: --key, or TIDEMARK_KEY.',
    );
  }
  throw new Failure(
    `No credentials: there is no ${join(env.dataDir ?? '.tidemark', 'credentials.json')}.`,
    'Start a server with: npm start   or give --url and --key.',
  );
}

/** From the working directory upwards, or else of the repository that the monitor lies in. */
async function findLocal({ dataDir }: Env): Promise<Credentials | undefined> {
  const found = await findCredentials({ dataDir });
  return found ?? (dataDir === undefined ? findCredentials({ dataDir: join(REPOSITORY, '.tidemark') }) : undefined);
}

/** The platform key of this machine is for its own server alone: it must not travel to another. */
function ofThisServer(credentials: Credentials | undefined, url: string): Credentials | undefined {
  if (credentials === undefined) return undefined;
  return new URL(credentials.api).origin === new URL(url).origin ? credentials : undefined;
}

function toUrl(given: string): string {
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given;
  throw new Failure(`"${given}" is not an address.`, 'It must look like http://127.0.0.1:3001');
}
