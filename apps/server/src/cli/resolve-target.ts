import type { TidemarkOptions } from '@tidemark/client';
import { createTidemark, toTidemarkError } from '@tidemark/client';
import { findCredentials } from '@tidemark/client/local';
import type { Credentials } from '@tidemark/schemas';
import { createTenantInputSchema } from '@tidemark/schemas';
import { readClientEnv } from '../env.ts';
import { CliError, EXIT } from './cli-error.ts';

const DEFAULT_URL = 'http://127.0.0.1:3001';

export type TargetOptions = {
  readonly tenant?: string | undefined;
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  /** Creates the tenant when there is none of that name. */
  readonly createTenant?: boolean | undefined;
};

/** Which server to call and with what: flags first, then the environment, then the local credentials file. */
export type Target = Required<Pick<TidemarkOptions, 'url'>> & Pick<TidemarkOptions, 'key' | 'tenantId'>;

export async function resolveTarget(options: TargetOptions, role: 'ingest' | 'viewer'): Promise<Target> {
  const env = readClientEnv();
  const credentials = await readCredentials(env.dataDir);
  const url = options.url ?? env.url ?? credentials?.api ?? DEFAULT_URL;
  if (!URL.canParse(url))
    throw new CliError(`"${url}" is no URL: give one like ${DEFAULT_URL}.`, { exitCode: EXIT.usage });
  if (options.key !== undefined) return { url, key: options.key };
  if (options.tenant === undefined) {
    if (env.key !== undefined) return { url, key: env.key };
    throw new CliError(`name the tenant with --tenant <slug>, or give a key with --key.${listSlugs(credentials)}`, {
      exitCode: EXIT.usage,
    });
  }
  if (credentials === undefined) {
    throw new CliError(
      `found no credentials of a local server in ${env.dataDir}: start one with npm start, or give --url and --key.`,
    );
  }
  const local = credentials.tenants.find(({ slug }) => slug === options.tenant);
  if (local !== undefined) return { url, key: local.keys[role] };
  return actForTenant({ url, key: credentials.platformKey }, options.tenant, options.createTenant === true);
}

/** The server, and a platform key for it: for what is not about one tenant. */
export async function resolvePlatform(options: Pick<TargetOptions, 'url' | 'key'>): Promise<Target> {
  const env = readClientEnv();
  const credentials = await readCredentials(env.dataDir);
  const url = options.url ?? env.url ?? credentials?.api ?? DEFAULT_URL;
  const key = options.key ?? env.key ?? credentials?.platformKey;
  if (!URL.canParse(url))
    throw new CliError(`"${url}" is no URL: give one like ${DEFAULT_URL}.`, { exitCode: EXIT.usage });
  if (key === undefined) {
    throw new CliError(
      `found no credentials of a local server in ${env.dataDir}: start one with npm start, or give --url and --key.`,
    );
  }
  return { url, key };
}

/** A tenant that is newer than the credentials file: the platform key acts for it. */
async function actForTenant(platform: { url: string; key: string }, slug: string, mayCreate: boolean): Promise<Target> {
  const { admin } = createTidemark(platform);
  try {
    const tenants = await admin.tenants.list.query();
    const found = tenants.find((tenant) => tenant.slug === slug);
    if (found !== undefined) return { ...platform, tenantId: found.id };
    if (!mayCreate) {
      const slugs = tenants.map((tenant) => tenant.slug).join(', ') || 'none yet';
      throw new CliError(`there is no tenant "${slug}" (there are: ${slugs}); add --create-tenant to create it.`);
    }
    const input = createTenantInputSchema.safeParse({ slug, name: slug });
    if (!input.success)
      throw new CliError(`"${slug}" cannot name a tenant: ${input.error.issues[0]?.message}.`, {
        exitCode: EXIT.usage,
      });
    const created = await admin.tenants.create.mutate(input.data);
    return { ...platform, tenantId: created.id };
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code, reason } = toTidemarkError(error);
    throw new CliError(`cannot ask ${platform.url} for its tenants: ${reason} (${code})`, { cause: error });
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

function listSlugs(credentials: Credentials | undefined): string {
  return credentials === undefined ? '' : ` Known here: ${credentials.tenants.map(({ slug }) => slug).join(', ')}.`;
}
