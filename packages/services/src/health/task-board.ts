/** A background task of this server. */
export type TaskState = {
  readonly name: string;
  readonly intervalMs: number;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly lastSuccessAt: number | undefined;
  /** Why the last round failed; undefined where it went well. */
  readonly lastError: string | undefined;
};

/** Rounds take their time, and a busy machine more of it: later than this past its turn a task is late. */
const GRACE_MS = 30_000;

/** What the background tasks write their rounds on, so that one that died or hangs is seen. */
export class TaskBoard {
  readonly #tasks = new Map<string, TaskState>();

  begin(name: string, intervalMs: number, now: number): void {
    this.#tasks.set(name, { name, intervalMs, startedAt: now, lastSuccessAt: undefined, lastError: undefined });
  }

  succeeded(name: string, now: number): void {
    this.#change(name, { lastSuccessAt: now, lastError: undefined });
  }

  failed(name: string, error: unknown): void {
    this.#change(name, { lastError: error instanceof Error ? error.message : 'unknown reason' });
  }

  list(): TaskState[] {
    return [...this.#tasks.values()];
  }

  #change(name: string, change: Partial<TaskState>): void {
    const task = this.#tasks.get(name);
    if (task !== undefined) this.#tasks.set(name, { ...task, ...change });
  }
}

/** Whether a task should have ended a round by now. */
export function isLate({ startedAt, lastSuccessAt, intervalMs }: TaskState, now: number): boolean {
  return now - (lastSuccessAt ?? startedAt) > intervalMs + GRACE_MS;
}
