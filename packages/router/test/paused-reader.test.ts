import { appRouter } from '@tidemark/router';
import { createKey, ingestEvents, revokeKey } from '@tidemark/services';
import { servicesResource } from '@tidemark/testing';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { expect, test } from 'vitest';

const TYPES = ['a', 'b', 'c', 'd'];
/** The transport takes so many values of a reader who takes none. The stream behind the last is asked ahead. */
const TAKEN = 2;

test('a refusal that comes while a reader pauses waits for him, and is no rejection that ends the process', async () => {
  await using services = await servicesResource();
  const { resources } = services;
  const ctx = await services.tenantContext();
  await ingestEvents(ctx, { events: TYPES.map((type) => ({ type })) });
  const { id, secret } = await createKey(ctx, { name: 'tv', role: 'viewer' });
  /** A tail of so many events, of which nobody reads one yet. */
  const openPaused = async (events: number) => {
    const input = encodeURIComponent(JSON.stringify({ lastEventId: '0:0', types: TYPES.slice(0, events) }));
    return await fetchRequestHandler({
      router: appRouter,
      endpoint: '/trpc',
      req: new Request(`http://localhost/trpc/events.tail?input=${input}`),
      createContext: () => ({ requestId: 'test', resources, bearer: secret, namedTenant: undefined }),
    });
  };
  const metrics = () => resources.metrics.registry.metrics();
  const paused = await Promise.all(TYPES.map((_, place) => openPaused(place + 1)));
  await expect.poll(metrics).toContain(`duration_seconds_count{procedure="events.tail"} ${TYPES.length}`);
  await revokeKey(ctx, { id });
  const refused = `tidemark_calls_total{procedure="events.tail",outcome="unauthenticated"}`;
  await expect.poll(metrics, { timeout: 10_000 }).toContain(`${refused} ${TAKEN}\n`);
  // Each is told as he reads on. A rejection that nobody has handled would have failed the run by now.
  const texts = await Promise.all(paused.map((response) => response.text()));
  for (const text of texts) expect(text).toContain('"code":"unauthenticated"');
  expect(await metrics()).toContain(`${refused} ${TYPES.length}\n`);
});
