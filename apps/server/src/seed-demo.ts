import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventInput, Tenant } from '@tidemark/schemas';
import { createTenant, generateTraffic, ingestEvents, listTenants, type Resources } from '@tidemark/services';
import { operatorContext } from './credentials.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const BATCH_EVENTS = 1_000;

/** Two tenants of unlike zones and size, 10 users each, 10,000 events in all. */
const DEMO_TENANTS = [
  { slug: 'acme', name: 'Acme Shop', timeZone: 'Europe/Berlin', events: 6_000 },
  { slug: 'globex', name: 'Globex', timeZone: 'America/New_York', events: 4_000 },
] as const;
const USERS = 10;
const DAYS = 30;

/**
 * Seeds the demo into an empty database, through ingest like any traffic. A seed that was cut off is taken
 * up again at the next start: its events are the same ones, so those stored before are duplicates.
 */
export async function seedDemo(resources: Resources, dataDir: string): Promise<void> {
  const marker = join(dataDir, 'seeding');
  const existing = await listTenants(operatorContext(resources));
  if (existing.length > 0 && !(await isThere(marker))) return;
  await mkdir(dataDir, { recursive: true });
  await writeFile(marker, 'The demo is being seeded; the next start goes on with it.\n');
  for (const demo of DEMO_TENANTS) {
    const { slug, name, timeZone } = demo;
    const tenant =
      existing.find((known) => known.slug === slug) ??
      (await createTenant(operatorContext(resources), { slug, name, timeZone }));
    await seedTenant(resources, tenant, demo.events);
  }
  await rm(marker);
}

async function seedTenant(resources: Resources, tenant: Tenant, count: number): Promise<void> {
  const row = await resources.tenants.findTenant(tenant.id);
  if (row === undefined) throw new Error(`tenant ${tenant.slug} is gone`);
  const ctx = { ...operatorContext(resources), tenant: row };
  const to = Date.parse(tenant.createdAt);
  const { slug: seed, timeZone } = tenant;
  const traffic = generateTraffic({ seed, from: to - DAYS * DAY_MS, to, count, users: USERS, timeZone });
  for (const events of batches(traffic, BATCH_EVENTS)) await ingestEvents(ctx, { events });
}

function* batches(events: Iterable<EventInput>, size: number): Generator<EventInput[]> {
  let batch: EventInput[] = [];
  for (const event of events) {
    batch.push(event);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
