import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Resources } from '@tidemark/services';
import { assertMayReadMetrics } from './assert-may-read-metrics.ts';

/** Answers a scrape in Prometheus' text format. */
export async function sendMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  { resources, metricsToken }: { resources: Resources; metricsToken: string | undefined },
): Promise<void> {
  assertMayReadMetrics(request, metricsToken);
  const { registry } = resources.metrics;
  const text = await registry.metrics();
  response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' });
  response.end(text);
}
