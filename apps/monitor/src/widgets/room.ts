/** What a view has for itself. */
export type Room = {
  readonly columns: number;
  readonly rows: number;
  /** Whether lines may be spent on air between the parts. */
  readonly isRoomy: boolean;
};

export const SMALLEST = { columns: 60, rows: 15 } as const;

/** Header, footer, keys. */
const FRAME_ROWS = 3;
/** Below this a rule under the header, and gaps, cost more than they give. */
const ROOMY_ROWS = 20;

/** What the frame leaves of a terminal; undefined where it is too small to say anything true. */
export function toRoom(columns: number, rows: number): Room | undefined {
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return undefined;
  const isRoomy = rows >= ROOMY_ROWS;
  return { columns, rows: rows - FRAME_ROWS - (isRoomy ? 1 : 0), isRoomy };
}
