import { createdKeySchema, tenantSchema } from '@tidemark/schemas';
import type { ServerResource } from '../server-resource.ts';

export type LoadTenant = { readonly id: string; readonly ingestKey: string };

/** A new tenant of a running server, and a key that may send it events. */
export async function createLoadTenant(
  { url, platformKey }: Pick<ServerResource, 'url' | 'platformKey'>,
  { slug = 'load', timeZone = 'Europe/Berlin' }: { slug?: string; timeZone?: string } = {},
): Promise<LoadTenant> {
  const call = async (procedure: string, input: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/trpc/${procedure}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platformKey}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${text}`);
    return (JSON.parse(text) as { result: { data: unknown } }).result.data;
  };
  const { id } = tenantSchema.parse(await call('admin.tenants.create', { slug, name: slug, timeZone }));
  const key = await call('admin.keys.create', { name: 'load', role: 'ingest' }, { 'x-tenant-id': id });
  return { id, ingestKey: createdKeySchema.parse(key).secret };
}
