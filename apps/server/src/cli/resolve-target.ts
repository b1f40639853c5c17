import type { TidemarkOptions } from '@tidemark/client';
import { createTidemark } from '@tidemark/client';
import { findCredentials } from '@tidemark/client/local';
import type { Credentials } from '@tidemark/schemas';
import { createTenantInputSchema } from '@tidemark/schemas';
import { readClientEnv } from '../env.ts';
import { CliError, EXIT } from './cli-error.ts';
import { toCliError } from './to-cli-error.ts';

const DEFAULT_URL = 'http://127.0.0.1:3001';

export type TargetOptions = {
  readonly tenant?: string | undefined;
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  /** Creates the tenant when there is none of that name. */
  readonly createTenant?: boolean | undefined;
};

/** The key of a tenant's that a command takes from the credentials file, or the platform's. */
export type KeyRole = 'ingest' | 'viewer' | 'admin' | 'platform';

/** Which server to call and with what: flags first, then the environment, then the local credentials file. */
export type Target = Required<Pick<TidemarkOptions, 'url'>> & Pick<TidemarkOptions, 'key' | 'tenantId'>;

type Sources = {
  readonly url: string;
  /** From a flag or the environment. */
  readonly key: string | undefined;
  /** Those of this machine's server, where that is the one to call: its keys must not travel to another. */
  readonly credentials: Credentials | undefined;
  readonly dataDir: string;
};

/** For a command about one tenant; `isAnyTenant` where all of them are told the same. */
export async function resolveTarget(options: TargetOptions, role: KeyRole, isAnyTenant = false): Promise<Target> {
  const sources = await readSources(options);
  const { url, key, credentials } = sources;
  if (key !== undefined) return options.tenant === undefined ? { url, key } : actForTenant({ url, key }, options);
  if (credentials === undefined) throw toNoCredentials(sources);
  const [only, ...others] = credentials.tenants;
  const slug = options.tenant ?? (others.length === 0 || isAnyTenant ? only?.slug : undefined);
  if (slug === undefined) {
    const known = credentials.tenants.map((tenant) => tenant.slug).join(', ');
    throw new CliError(`name the tenant with --tenant <slug>, or give a key with --key. Known here: ${known}.`, {
      exitCode: EXIT.usage,
    });
  }
  const local = credentials.tenants.find((tenant) => tenant.slug === slug);
  if (local !== undefined && role !== 'platform') return { url, key: local.keys[role] };
  return actForTenant({ url, key: credentials.platformKey }, { ...options, tenant: slug });
}

/** The server, and a platform key for it: for what is not about one tenant. */
export async function resolvePlatform(options: Pick<TargetOptions, 'url' | 'key'>): Promise<Target> {
  const sources = await readSources(options);
  const key = sources.key ?? sources.credentials?.platformKey;
  if (key === undefined) throw toNoCredentials(sources);
  return { url: sources.url, key };
}

async function readSources(options: Pick<TargetOptions, 'url' | 'key'>): Promise<Sources> {
  const env = readClientEnv();
  const credentials = await readCredentials(env.dataDir);
  const url = options.url ?? env.url ?? credentials?.api ?? DEFAULT_URL;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CliError(`"${url}" is no URL: give one like ${DEFAULT_URL}.`, { exitCode: EXIT.usage });
  const isLocal = credentials !== undefined && new URL(credentials.api).origin === new URL(url).origin;
  return { url, key: options.key ?? env.key, credentials: isLocal ? credentials : undefined, dataDir: env.dataDir };
}

function toNoCredentials({ url, dataDir }: Sources): CliError {
  return new CliError(
    `found no credentials for ${url} in ${dataDir}: start a server with npm start, or give --url and --key.`,
  );
}

/** A tenant by its name: a platform key names it, a tenant's own key has to be of it. */
async function actForTenant(
  given: { url: string; key: string },
  { tenant: slug = '', createTenant = false }: TargetOptions,
): Promise<Target> {
  const { admin } = createTidemark(given);
  try {
    const { role, tenants } = await admin.sessions.current.query();
    const found = tenants.find((tenant) => tenant.slug === slug);
    if (role !== 'platform') {
      if (found !== undefined) return given;
      throw new CliError(
        `the key is for the tenant "${tenants[0]?.slug}", not for "${slug}": give one of that tenant.`,
      );
    }
    if (found !== undefined) return { ...given, tenantId: found.id };
    if (!createTenant) {
      const slugs = tenants.map((tenant) => tenant.slug).join(', ') || 'none yet';
      throw new CliError(
        `there is no tenant "${slug}" (there are: ${slugs}); create it with tidemark tenants create, or import with --create-tenant.`,
      );
    }
    const input = createTenantInputSchema.safeParse({ slug, name: slug });
    if (!input.success)
      throw new CliError(`"${slug}" cannot name a tenant: ${input.error.issues[0]?.message}.`, {
        exitCode: EXIT.usage,
      });
    const created = await admin.tenants.create.mutate(input.data);
    return { ...given, tenantId: created.id };
  } catch (error) {
    throw toCliError(error, given.url);
  }
}

async function readCredentials(dataDir: string): Promise<Credentials | undefined> {
  try {
    return await findCredentials({ dataDir });
  } catch (error) {
    throw new CliError(`${dataDir}/credentials.json cannot be read: start the server again to renew it.`, {
      cause: error,
    });
  }
}
