import type { Rejection } from '@tidemark/schemas';
import type { TidemarkError } from '../tidemark-error.ts';
import type { NamedEvent } from './event-queue.ts';
import { isPage } from './on-leaving.ts';

/** What became of a tracked event: stored for good, refused by the server for what it is, or given up. */
export type TrackedOutcome =
  | { readonly event: NamedEvent; readonly status: 'stored' }
  | { readonly event: NamedEvent; readonly status: 'rejected'; readonly reason: Rejection | undefined }
  | { readonly event: NamedEvent; readonly status: 'lost'; readonly error: TidemarkError };

export type TrackingOptions = {
  /** How many events share a request at most: 1 to 1,000. Default: 500. */
  readonly maxBatchEvents?: number | undefined;
  /** How long an event waits for others to share its request with. Default: 1,000. */
  readonly flushIntervalMs?: number | undefined;
  /** How many events are held, those on their way included; beyond them `track` says false. Default: 10,000. */
  readonly maxQueuedEvents?: number | undefined;
  /** How many bytes of events are held. Default: 8 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /** How long a process that has nothing else to do waits for its last events. Default: 5,000. */
  readonly exitTimeoutMs?: number | undefined;
  /** Told what became of events, a request's at a time. */
  readonly onSettled?: ((outcomes: readonly TrackedOutcome[]) => void) | undefined;
};

export type TrackingSettings = { readonly [Name in keyof TrackingOptions]-?: NonNullable<TrackingOptions[Name]> } & {
  readonly maxBatchBytes: number;
};

/** What a server refuses as a batch; the body's own limit is 4 MiB, of which an envelope takes a little. */
const MAX_BATCH_EVENTS = 1_000;
const MAX_BATCH_BYTES = 3_900_000;
/** Browsers let 64 KiB of requests outlive their page, envelope included. */
const MAX_PAGE_BATCH_BYTES = 60_000;

export function toTrackingSettings(options: TrackingOptions): TrackingSettings {
  const settings = {
    maxBatchEvents: options.maxBatchEvents ?? 500,
    flushIntervalMs: options.flushIntervalMs ?? 1_000,
    maxQueuedEvents: options.maxQueuedEvents ?? 10_000,
    maxQueuedBytes: options.maxQueuedBytes ?? 8 * 1024 * 1024,
    exitTimeoutMs: options.exitTimeoutMs ?? 5_000,
    onSettled: options.onSettled ?? (() => {}),
    maxBatchBytes: isPage() ? MAX_PAGE_BATCH_BYTES : MAX_BATCH_BYTES,
  };
  assertWithin('maxBatchEvents', settings.maxBatchEvents, { min: 1, max: MAX_BATCH_EVENTS });
  assertWithin('flushIntervalMs', settings.flushIntervalMs, { min: 0, max: 2 ** 31 - 1 });
  assertWithin('maxQueuedEvents', settings.maxQueuedEvents, { min: 1, max: 1_000_000 });
  assertWithin('maxQueuedBytes', settings.maxQueuedBytes, { min: 64 * 1024, max: 2 ** 30 });
  assertWithin('exitTimeoutMs', settings.exitTimeoutMs, { min: 0, max: 2 ** 31 - 1 });
  return settings;
}

function assertWithin(name: string, value: number, { min, max }: { min: number; max: number }): void {
  if (!(value >= min && value <= max)) throw new RangeError(`tracking.${name} must be from ${min} to ${max}.`);
}
