/** The tenants that this server has committed for since their last fold. */
export class FoldMarks {
  #tenantIds = new Set<string>();

  mark(tenantId: string): void {
    this.#tenantIds.add(tenantId);
  }

  /** Takes all marks; whoever fails to fold one marks it again. */
  take(): ReadonlySet<string> {
    const taken = this.#tenantIds;
    this.#tenantIds = new Set();
    return taken;
  }
}
