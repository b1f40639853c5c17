import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from '@opentelemetry/api';
import type { Tracer } from '@tidemark/services';

export type OpenedTracer = Tracer & AsyncDisposable;

/**
 * Sends spans to an OpenTelemetry collector over OTLP/HTTP. The libraries are loaded here and nowhere else: without an
 * endpoint nothing of them runs and nothing is sent anywhere.
 */
export async function openTracer(endpoint: string): Promise<OpenedTracer> {
  const [{ ROOT_CONTEXT, SpanStatusCode, trace }, { BatchSpanProcessor, TracerProvider }, exporters, resources] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new exporters.OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': 'tidemark' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('tidemark');
  const current = new AsyncLocalStorage<Context>();
  return {
    async span(name, attributes, work) {
      const parent = current.getStore() ?? ROOT_CONTEXT;
      const span = tracer.startSpan(name, { attributes }, parent);
      const fail = (message: string) => span.setStatus({ code: SpanStatusCode.ERROR, message });
      let lasting: Promise<void> | undefined;
      const until = (end: Promise<void>) => {
        lasting = end;
      };
      try {
        return await current.run(trace.setSpan(parent, span), () => work({ fail, until }));
      } catch (error) {
        // The kind alone: messages may quote what was sent.
        fail(error instanceof Error ? error.name : 'unknown');
        throw error;
      } finally {
        if (lasting === undefined) span.end();
        else void lasting.then(() => span.end());
      }
    },
    [Symbol.asyncDispose]: () => provider.shutdown(),
  };
}
