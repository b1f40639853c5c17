/** Why a form was not taken, and what is wrong with which of its fields. */
export type Problem = {
  readonly reason: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly requestId: string | null;
};
