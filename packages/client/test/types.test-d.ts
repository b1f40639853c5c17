import { createTidemark, defineEvents, type Inputs, type Outputs, toTidemarkError } from '@tidemark/client';
import { z } from 'zod';

const tidemark = createTidemark({ url: 'http://127.0.0.1:3001', key: 'secret' });

export async function knowsEveryAnswer(): Promise<void> {
  const { totals, series, meta, previous } = await tidemark.analytics.summary.query({ last: '24h', groupBy: 'type' });
  totals.events satisfies number;
  totals.groups?.[0]?.key satisfies string | null | undefined;
  series[0]?.start satisfies string | undefined;
  meta.source satisfies 'rollup' | 'raw' | 'mixed';
  previous?.totals.users satisfies number | undefined;
  // @ts-expect-error the field is called events
  totals.eventCount satisfies number;
  // @ts-expect-error a series may be shorter than one thinks
  series[0].start satisfies string;
}

export async function refusesWrongQuestions(): Promise<void> {
  // @ts-expect-error a range is missing
  await tidemark.analytics.summary.query({ groupBy: 'type' });
  // @ts-expect-error either last or from and to
  await tidemark.analytics.summary.query({ last: '1h', from: '2026-11-22T00:00:00Z', to: '2026-11-23T00:00:00Z' });
  // @ts-expect-error no such range
  await tidemark.analytics.summary.query({ last: '2h' });
  // @ts-expect-error a summary is a query
  await tidemark.analytics.summary.mutate({ last: '1h' });
  // @ts-expect-error no such procedure
  await tidemark.analytics.total.query({});
  // @ts-expect-error an event has a type
  await tidemark.events.ingest.mutate({ events: [{ userId: 'ada' }] });
}

export async function knowsReceiptsAndErrors(): Promise<void> {
  const { receipts } = await tidemark.events.ingest.mutate({ events: [{ type: 'signup' }] });
  receipts[0]?.status satisfies 'accepted' | 'duplicate' | 'rejected' | undefined;
  toTidemarkError(new Error()).code satisfies string;
  // @ts-expect-error the set of codes is closed
  toTidemarkError(new Error()).code satisfies 'oops' | 'conflict';
}

export function knowsTheStream(): void {
  tidemark.analytics.watch.subscribe(
    { last: '15m' },
    {
      onData({ id, data }) {
        id satisfies string;
        data.totals.events satisfies number;
      },
      onError(error) {
        error.data?.code satisfies string | undefined;
        error.data?.evidence satisfies Record<string, unknown> | undefined;
      },
    },
  );
}

export function knowsTheTail(): void {
  tidemark.events.tail.subscribe(
    { types: ['signup'], maxPerSecond: 10 },
    {
      onData({ id, data }) {
        id satisfies string;
        if ('event' in data) data.event.receivedAt satisfies string;
        else data.skipped satisfies number;
        // @ts-expect-error an event, or how many were skipped
        data.event.type satisfies string;
      },
    },
  );
}

export type NamesInputsAndOutputs = [
  Inputs['analytics']['summary']['interval'],
  Outputs['events']['list']['items'][number]['receivedAt'],
];

export function knowsTheTrackingPlan(): void {
  const plan = defineEvents({ signup: z.object({ plan: z.enum(['solo', 'team']) }), view: z.object({}) });
  const { track, tracking } = createTidemark({ url: 'http://127.0.0.1:3001', plan });
  track('signup', { plan: 'team' }, { userId: 'ada', device: 'desktop' }) satisfies boolean;
  track('view');
  tracking.counts.stored satisfies number;
  // @ts-expect-error there is no such event
  track('sign_up', { plan: 'team' });
  // @ts-expect-error there is no such plan
  track('signup', { plan: 'all' });
  // @ts-expect-error a signup has a plan
  track('signup');
  // @ts-expect-error properties as planned, and no others
  track('signup', { plan: 'team', seats: 3 });
  // @ts-expect-error no such device
  track('view', {}, { device: 'watch' });
}

export function takesAnyEventWithoutAPlan(): void {
  tidemark.track('anything');
  tidemark.track('anything', { at: { all: [1, 'two', null] } }, { userId: 'ada' });
  // @ts-expect-error an event has a name
  tidemark.track();
  // @ts-expect-error properties are JSON
  tidemark.track('anything', { when: new Date() });
}
