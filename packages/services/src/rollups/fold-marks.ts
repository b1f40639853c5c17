/** The tenants that this server has committed for since their last fold. */
export class FoldMarks {
  /** Since when (monotonic ms). */
  #marks = new Map<string, number>();
  /** Those of the round that was taken last. */
  #taken: ReadonlyMap<string, number> = new Map();

  mark(tenantId: string): void {
    if (!this.#marks.has(tenantId)) this.#marks.set(tenantId, performance.now());
  }

  /** A fold failed: its tenant waits on, as long as it has waited. */
  remark(tenantId: string): void {
    this.#marks.set(tenantId, this.#taken.get(tenantId) ?? performance.now());
  }

  /** How long (ms) what was committed here has waited at most; what is being folded counts until the next round. */
  get lagMs(): number {
    const oldest = Math.min(...this.#marks.values(), ...this.#taken.values());
    return Number.isFinite(oldest) ? performance.now() - oldest : 0;
  }

  /** Takes all marks; whoever fails to fold one marks it again. */
  take(): ReadonlyMap<string, number> {
    this.#taken = this.#marks;
    this.#marks = new Map();
    return this.#taken;
  }
}
