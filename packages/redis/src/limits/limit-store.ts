/** One use of a budget. */
export type Charge = {
  /** Whose it is, such as a tenant's id: what one owner has stands together in a cluster. */
  readonly owner: string;
  /** Which of the owner's budgets. */
  readonly name: string;
  /** How many uses a window holds. */
  readonly budget: number;
  /** Whole seconds, as ms. The window begins with the first use. */
  readonly windowMs: number;
};

/** How far a window is used, this charge included, and in how many ms it ends. */
export type Count = { readonly used: number; readonly resetMs: number };

export type Charged = {
  readonly isAdmitted: boolean;
  /** In the order of the charges; undefined for one that was not looked at, since another one is used up. */
  readonly counts: readonly (Count | undefined)[];
};

/**
 * Where the counts are: `shared` by the servers of one Redis; `in-process` where there is none; `per-server`
 * while Redis is away, so that every server admits as much as all of them together should.
 */
export type LimitState = 'shared' | 'per-server' | 'in-process';

/**
 * Counts uses of budgets in fixed windows. A window never admits more than its budget, whoever asks and wherever:
 * counting and looking are one step. A budget may differ from charge to charge; the last one decides.
 */
export type LimitStore = AsyncDisposable & {
  readonly state: LimitState;
  /**
   * Charges budgets together, in one round trip, and admits where all of them do. One that is known here to be used
   * up is refused without asking or charging anything; a refusal that had to ask has charged the others.
   */
  charge(charges: readonly Charge[]): Promise<Charged>;
  /** What is known here of a budget that is used up; undefined: it may have room. */
  findUsedUp(charge: Charge): Count | undefined;
  /** How far windows are used, without charging them. */
  read(charges: readonly Charge[]): Promise<readonly Count[]>;
};
