import { randomUUID } from 'node:crypto';
import { createKey, ingestEvents, updateTenant } from '@tidemark/services';
import { Oracle, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

test('changes of one tenant that wait for a lock leave ingest and the changes of others their connections', async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const [busy, other] = [await services.tenantContext(), await services.tenantContext()];
  await oracle.ask('BEGIN');
  await oracle.ask('SELECT FROM tenant_heads WHERE tenant_id = $1 FOR UPDATE', [busy.tenant.id]);
  const changes = Array.from({ length: 20 }, (_, count) =>
    updateTenant(busy, { timeZone: count % 2 === 0 ? 'Europe/Berlin' : 'Asia/Kolkata' }).then(
      () => 'done',
      (error: { code?: string }) => error.code,
    ),
  );
  await expect.poll(() => services.resources.changing.waiting).toBeGreaterThan(0);
  // All of it while the tenant's head is held.
  for (let count = 0; count < 20; count += 1) {
    const { receipts } = await ingestEvents(other, { events: [{ type: 'view', id: randomUUID(), occurredAt: NOW }] });
    expect(receipts).toMatchObject([{ status: 'accepted' }]);
  }
  await createKey(other, { name: 'ci', role: 'viewer' });
  await oracle.ask('ROLLBACK');
  // Each is made, or told to come again.
  for (const outcome of await Promise.all(changes)) expect(['done', 'unavailable', 'overloaded']).toContain(outcome);
});

const NOW = '2026-11-22T10:00:00.000Z';
