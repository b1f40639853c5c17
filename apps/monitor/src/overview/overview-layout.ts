export type OverviewLayout = {
  readonly columns: number;
  readonly rows: number;
  /** Whether lines may be spent on air between the parts. */
  readonly isRoomy: boolean;
  readonly chartRows: number;
  readonly typeRows: number;
};

export const SMALLEST = { columns: 60, rows: 15 } as const;

/** Header, three lines of figures, titles of chart and types, axis, provenance, keys. */
const FIXED_ROWS = 9;
/** The rule below the header, and an empty line after each part. */
const ROOMY_EXTRA_ROWS = 4;
/** A taller chart says no more. */
const TALLEST_CHART = 16;
/** Below this a gap costs more than it gives. */
const ROOMY_ROWS = 20;

/** Divides the screen between the chart and as many types as there are; undefined where the terminal is too small to say anything true. */
export function toOverviewLayout(columns: number, rows: number, types: number): OverviewLayout | undefined {
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return undefined;
  const isRoomy = rows >= ROOMY_ROWS;
  const free = rows - FIXED_ROWS - (isRoomy ? ROOMY_EXTRA_ROWS : 0);
  const typeRows = Math.min(types, Math.ceil(free / 2));
  return { columns, rows, isRoomy, chartRows: Math.min(TALLEST_CHART, free - typeRows), typeRows };
}
