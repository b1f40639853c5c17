import { parseArgs } from 'node:util';
import type { TidemarkOptions } from '@tidemark/client';
import { findCredentials } from '@tidemark/client/local';

const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  tenant: { type: 'string' },
} as const;

/** The first argument that is no option. */
export function readPositional(): string | undefined {
  return parseArgs({ options: OPTIONS, allowPositionals: true }).positionals[0];
}

/**
 * Where to send and as whom: `--url` and `--key` if given, else the server of this machine, whose
 * credentials file lies in TIDEMARK_DATA_DIR or in the nearest `.tidemark`. `--tenant` is a slug there.
 */
export async function readSettings(role: 'ingest' | 'viewer'): Promise<TidemarkOptions> {
  const { url, key, tenant: slug } = parseArgs({ options: OPTIONS, allowPositionals: true }).values;
  if (url !== undefined && key !== undefined) return { url, key };
  const credentials = await findCredentials({ dataDir: process.env.TIDEMARK_DATA_DIR });
  if (credentials === undefined)
    throw new Error('No local server found. Start one with npm start, or give --url and --key.');
  const tenant = credentials.tenants.find((candidate) => slug === undefined || candidate.slug === slug);
  if (tenant === undefined) throw new Error(`No tenant ${slug ?? 'yet'} in the credentials file.`);
  return { url: credentials.api, key: tenant.keys[role] };
}
