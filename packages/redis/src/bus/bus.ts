import type { CommitNotice, ControlNotice } from '@tidemark/schemas';

/** Whether notices of other servers arrive: `in-process` where there are no others. */
export type ConnectionState = 'connected' | 'reconnecting' | 'in-process';

export type Listener = (notice: CommitNotice) => void;

export type Subscription = {
  /**
   * Resolves once notices of other servers arrive as well: a reader waits for it, then reads. While Redis is
   * away it resolves at once, and `onReconnect` tells when to read again.
   */
  readonly ready: Promise<void>;
  /** No notice is delivered after this returns. May be called twice. */
  unsubscribe(): void;
};

/** Tells every server what was committed. Notices say where to look, so one that arrives twice does no harm. */
export type Bus = AsyncDisposable & {
  readonly connectionState: ConnectionState;
  /** Reaches this process's listeners before it returns, and other servers soon after. Never throws and never waits. */
  publish(notice: CommitNotice): void;
  /** Hears of one tenant's commits. */
  subscribe(tenantId: string, listener: Listener): Subscription;
  /**
   * Tells every server that something changed of who may do what: this process before it returns, others soon after.
   * One that Redis does not take is lost, so whoever depends on it asks the database again after a while as well.
   */
  announce(notice: ControlNotice): void;
  /** Hears of them; `ready` as for commits. */
  onControl(listener: (notice: ControlNotice) => void): Subscription;
  /** Called after a gap in which notices may have been missed: whoever reads from commits reads again. */
  onReconnect(listener: () => void): { unsubscribe(): void };
  /** Ends every subscription; publishing afterwards does nothing. */
  close(): Promise<void>;
};
