import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tracking, TrackingPlan } from '@tidemark/client';
import { defineEvents } from '@tidemark/client';
import { z } from 'zod';

/** What the middleware tracks. */
export const requestPlan = defineEvents({
  request: z.object({ method: z.string(), path: z.string(), status: z.int(), tookMs: z.number() }),
});

type RequestEvents = typeof requestPlan extends TrackingPlan<infer Events> ? Events : never;

/**
 * Tracks each request once its answer is out. For Express and Connect as it stands: `app.use(trackRequests(tidemark))`;
 * for Fastify: `app.addHook('onRequest', (request, reply, done) => track(request.raw, reply.raw, done))`.
 */
export function trackRequests({ track }: Pick<Tracking<RequestEvents>, 'track'>) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const startedAt = performance.now();
    response.once('close', () => {
      const { method = 'GET', url = '/' } = request;
      const tookMs = Math.round(performance.now() - startedAt);
      // Without what follows the question mark, which may hold secrets. Where there is no room, the answer goes out all the same.
      const [path = '/'] = url.split('?');
      track('request', { method, path, status: response.statusCode, tookMs }, { device: 'server' });
    });
    next();
  };
}
