import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Credentials, credentialsSchema, ROLE_SCOPES, type Tenant, type TenantRole } from '@tidemark/schemas';
import {
  type Actor,
  createKey,
  ensurePlatformKey,
  isUsableKey,
  listTenants,
  makeKeySecret,
  type Resources,
  renewSignInCode,
  replacePlatformKeys,
  revokeKey,
  TidemarkError,
} from '@tidemark/services';
import { CliError } from './cli/cli-error.ts';

/** Tenants that get local keys; a larger installation hands out its own. */
const MAX_TENANTS = 100;

/** The server itself, acting for whoever owns the machine it runs on. */
const OPERATOR: Actor = {
  keyId: '00000000-0000-0000-0000-000000000000',
  sessionId: null,
  name: 'operator',
  role: 'platform',
  scopes: ROLE_SCOPES.platform,
  tenantId: null,
  endsAt: null,
};

export function operatorContext(resources: Resources) {
  return {
    requestId: 'start',
    resources,
    actor: OPERATOR,
    isStillAllowed: async () => true,
    priority: 'normal' as const,
  };
}

export type CredentialsOptions = {
  readonly dataDir: string;
  readonly api: string;
  readonly dashboard: string;
  /** Whether every tenant gets keys for the tools of this machine. */
  readonly hasTenantKeys: boolean;
  /** A platform key chosen in the settings. */
  readonly platformKey: string | undefined;
};

/**
 * Writes `<data dir>/credentials.json`, mode 0600. Keys that still work are kept; the sign-in link is new at
 * every start.
 */
export async function writeCredentials(resources: Resources, options: CredentialsOptions): Promise<Credentials> {
  const { dataDir, api, dashboard } = options;
  const before = await readCredentials(dataDir);
  const platformKey = await pickPlatformKey(resources, options.platformKey, before?.platformKey);
  const code = await renewSignInCode(resources, platformKey);
  const tenants = options.hasTenantKeys ? (await listTenants(operatorContext(resources))).slice(0, MAX_TENANTS) : [];
  const known = new Map(before?.tenants.map(({ id, keys }) => [id, keys]));
  const entries = await Promise.all(tenants.map((tenant) => pickEntry(resources, tenant, known.get(tenant.id))));
  const credentials: Credentials = {
    api,
    dashboard,
    signInUrl: `${dashboard}/sign-in?code=${code}`,
    platformKey,
    tenants: entries.filter((entry) => entry !== undefined),
  };
  await save(dataDir, credentials);
  return credentials;
}

/** The credentials of the last start; undefined where there are none that can be read. */
async function readCredentials(dataDir: string): Promise<Credentials | undefined> {
  try {
    const parsed = credentialsSchema.safeParse(JSON.parse(await readFile(toPath(dataDir), 'utf8')));
    return parsed.data;
  } catch {
    return undefined;
  }
}

/** A key that is chosen anew takes the place of all others: whoever has lost one ends it by choosing another. */
async function pickPlatformKey(resources: Resources, chosen: string | undefined, before: string | undefined) {
  if (chosen === undefined && before !== undefined && (await isUsableKey(resources, before))) return before;
  if (chosen === undefined) {
    const secret = makeKeySecret('platform');
    await ensurePlatformKey(resources, secret);
    return secret;
  }
  await replacePlatformKeys(operatorContext(resources), chosen);
  if (!(await isUsableKey(resources, chosen))) {
    throw new CliError(
      'TIDEMARK_PLATFORM_KEY is a key that another one has taken the place of: set that one here as well.',
    );
  }
  return chosen;
}

type Entry = Credentials['tenants'][number];

/**
 * A tenant with its keys for this machine. Where it has no room for those that lack, it stays as it was known, or is left
 * out: a start must neither fail of that nor fill it up.
 */
async function pickEntry(
  resources: Resources,
  tenant: Tenant,
  known: Entry['keys'] | undefined,
): Promise<Entry | undefined> {
  const row = await resources.tenants.findTenant(tenant.id);
  if (row === undefined) throw new Error(`tenant ${tenant.slug} is gone`);
  const ctx = { ...operatorContext(resources), tenant: row };
  const made: string[] = [];
  const pick = async (role: TenantRole) => {
    const before = known?.[role];
    if (before !== undefined && (await isUsableKey(resources, before))) return before;
    const { id, secret } = await createKey(ctx, { name: `local ${role}`, role });
    made.push(id);
    return secret;
  };
  const { id, slug } = tenant;
  try {
    return {
      slug,
      id,
      keys: { admin: await pick('admin'), viewer: await pick('viewer'), ingest: await pick('ingest') },
    };
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'conflict') throw error;
    for (const unused of made) await revokeKey(ctx, { id: unused });
    return known && { slug, id, keys: known };
  }
}

/** Written apart and renamed, so that nobody reads half a file. */
async function save(dataDir: string, credentials: Credentials): Promise<void> {
  const path = toPath(dataDir);
  const draft = `${path}.${process.pid}`;
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
    await chmod(draft, 0o600);
    await rename(draft, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(`TIDEMARK_DATA_DIR: ${dataDir} cannot be written to: ${why}`, { cause: error });
  }
}

function toPath(dataDir: string): string {
  return join(dataDir, 'credentials.json');
}
