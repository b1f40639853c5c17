import { ERROR_STATUS, type ErrorCode } from '@tidemark/schemas';
import { TRPCClientError } from '@trpc/client';
import { expect, test } from 'vitest';
import { withIdentity } from '../../src/index.ts';
import type { NamedEvent } from '../../src/track/event-queue.ts';
import { Tracker } from '../../src/track/tracker.ts';
import { type TrackedOutcome, type TrackingOptions, toTrackingSettings } from '../../src/track/tracking-options.ts';
import { IngestDesk } from './ingest-desk.ts';

/** An interval nobody waits for: what is sent is sent for another reason. */
const NEVER_MS = 3_600_000;

function trackerFixture(options: TrackingOptions = {}) {
  const desk = new IngestDesk();
  const outcomes: TrackedOutcome[] = [];
  const settings = {
    flushIntervalMs: NEVER_MS,
    onSettled: (more: readonly TrackedOutcome[]) => outcomes.push(...more),
  };
  return { desk, outcomes, tracker: new Tracker(desk.send, toTrackingSettings({ ...settings, ...options })) };
}

function eventsFixture(count: number): NamedEvent[] {
  return Array.from({ length: count }, (_, index) => withIdentity({ type: 'view', userId: `user ${index}` }));
}

function addAll(tracker: Tracker, events: readonly NamedEvent[]): boolean[] {
  return events.map((event) => tracker.add(event));
}

function refusalFixture(code: ErrorCode): unknown {
  const data = { code, httpStatus: ERROR_STATUS[code], reason: code, evidence: {}, requestId: 'r1' };
  return new TRPCClientError(code, { result: { error: { message: code, code: 0, data } } });
}

test('a full batch goes at once, the rest when its time has come', async () => {
  const { desk, tracker } = trackerFixture({ maxBatchEvents: 3, flushIntervalMs: 1 });
  const events = eventsFixture(4);
  addAll(tracker, events);
  const first = await desk.batch(0);
  expect(first.ids).toEqual(events.slice(0, 3).map(({ id }) => id));
  first.accept();
  const second = await desk.batch(1);
  expect(second.ids).toEqual(events.slice(3).map(({ id }) => id));
  second.accept();
  await tracker.flush();
  expect(tracker.counts).toMatchObject({ queued: 0, queuedBytes: 0, stored: 4 });
});

test('what could not be answered is sent again with the same ids, before anything that came later', async () => {
  const { desk, outcomes, tracker } = trackerFixture();
  const [early, late] = eventsFixture(2) as [NamedEvent, NamedEvent];
  tracker.add(early);
  const flushed = tracker.flush();
  (await desk.batch(0)).fail(new TypeError('fetch failed'));
  tracker.add(late);
  const again = await desk.batch(1);
  expect(again.ids).toEqual([early.id, late.id]);
  again.accept('duplicate');
  await flushed;
  expect(outcomes.map(({ status }) => status)).toEqual(['stored', 'stored']);
});

test('memory is bounded: beyond the bound an event is not taken, and ready says when it can be', async () => {
  const { desk, tracker } = trackerFixture({ maxQueuedEvents: 2, maxBatchEvents: 2 });
  const events = eventsFixture(3);
  expect(addAll(tracker, events)).toEqual([true, true, false]);
  expect(tracker.counts).toMatchObject({ queued: 2, refused: 1 });
  const ready = tracker.ready();
  (await desk.batch(0)).accept();
  await ready;
  expect(tracker.add(events[2] as NamedEvent)).toBe(true);
});

test('bytes are bounded as well', () => {
  const { tracker } = trackerFixture({ maxQueuedBytes: 64 * 1024 });
  const large = () => withIdentity({ type: 'view', properties: { text: 'x'.repeat(30_000) } });
  expect([tracker.add(large()), tracker.add(large()), tracker.add(large())]).toEqual([true, true, false]);
  expect(() => tracker.add(withIdentity({ type: 'view', properties: { text: 'x'.repeat(70_000) } }))).toThrow(
    RangeError,
  );
});

test('a refusal that will not pass gives the batch up and says why; the next one has its turn', async () => {
  const { desk, outcomes, tracker } = trackerFixture({ maxBatchEvents: 1 });
  addAll(tracker, eventsFixture(2));
  (await desk.batch(0)).fail(refusalFixture('forbidden'));
  (await desk.batch(1)).accept();
  await tracker.flush();
  expect(outcomes).toMatchObject([{ status: 'lost' }, { status: 'stored' }]);
  expect(tracker.counts).toMatchObject({ lost: 1, stored: 1 });
});

test('closing sends what is left and takes no more', async () => {
  const { desk, tracker } = trackerFixture();
  const [event] = eventsFixture(1) as [NamedEvent];
  tracker.add(event);
  const closed = tracker.close();
  (await desk.batch(0)).accept();
  expect(await closed).toMatchObject({ queued: 0, stored: 1, lost: 0 });
  expect(() => tracker.add(event)).toThrow('closed');
});

test('closing ends although the server does not answer, and tells what was lost', async () => {
  const { outcomes, tracker } = trackerFixture({ maxBatchEvents: 2 });
  addAll(tracker, eventsFixture(5));
  expect(await tracker.close({ timeoutMs: 1 })).toMatchObject({ queued: 0, lost: 5 });
  await Promise.resolve();
  expect(new Set(outcomes.map((outcome) => 'error' in outcome && outcome.error.code))).toEqual(
    new Set(['unavailable']),
  );
});

test('waiting for a flush can be left; the events stay', async () => {
  const { desk, tracker } = trackerFixture();
  addAll(tracker, eventsFixture(1));
  const left = new AbortController();
  const flushed = tracker.flush({ signal: left.signal });
  left.abort(new Error('enough'));
  await expect(flushed).rejects.toThrow('enough');
  expect(tracker.counts.queued).toBe(1);
  (await desk.batch(0)).accept();
  await tracker.flush();
  expect(tracker.counts).toMatchObject({ queued: 0, stored: 1 });
});

test('an event is kept as it was when it was tracked', async () => {
  const seen: unknown[] = [];
  const send = async (events: NamedEvent[]) => {
    seen.push(...events.map(({ properties }) => properties));
    return { receipts: [] };
  };
  const tracker = new Tracker(send, toTrackingSettings({}));
  const properties = { step: 1 };
  tracker.add(withIdentity({ type: 'view', properties }));
  properties.step = 2;
  await tracker.flush();
  expect(seen).toEqual([{ step: 1 }]);
});

test.each([
  ['maxBatchEvents', { maxBatchEvents: 1_001 }],
  ['maxQueuedEvents', { maxQueuedEvents: 0 }],
  ['flushIntervalMs', { flushIntervalMs: Number.NaN }],
])('a setting out of its bounds is named: %s', (name, options) => {
  expect(() => toTrackingSettings(options)).toThrow(`tracking.${name} must be from`);
});
