/** What the lab makes of the database: each transaction holds its connection longer, or none gets one. */
export type InjectedFault =
  | { readonly fault: 'database_slow'; readonly delayMs: number }
  | { readonly fault: 'database_down' };

/** Faults that a lab injects between a server and its database; each ends by itself. */
export class InjectedFaults {
  #injected: { readonly fault: InjectedFault; readonly until: number } | undefined;

  /** For `forMs`, in place of any other. */
  inject(fault: InjectedFault, forMs: number): void {
    this.#injected = { fault, until: performance.now() + forMs };
  }

  clear(): void {
    this.#injected = undefined;
  }

  get active(): { readonly fault: InjectedFault; readonly endsInMs: number } | undefined {
    if (this.#injected === undefined) return undefined;
    const { fault, until } = this.#injected;
    const endsInMs = until - performance.now();
    return endsInMs > 0 ? { fault, endsInMs } : undefined;
  }
}
