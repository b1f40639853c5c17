/** One thing wrong with an event, as a rejected receipt words it. */
export type PlanFlaw = { readonly path: string; readonly message: string };

/** An event that the tracking plan does not know or does not allow: it was not taken. */
export class TrackingPlanError extends Error {
  override readonly name = 'TrackingPlanError';
  readonly type: string;
  readonly flaws: readonly PlanFlaw[];

  constructor(type: string, flaws: readonly PlanFlaw[]) {
    super(`${type} is not as planned: ${flaws.map(({ path, message }) => `${path}: ${message}`).join('; ')}`);
    this.type = type;
    this.flaws = flaws;
  }
}
