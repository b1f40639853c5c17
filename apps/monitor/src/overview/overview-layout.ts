import type { Room } from '../widgets/room.ts';

export type OverviewLayout = { readonly chartRows: number; readonly typeRows: number };

/** Three lines of figures, titles of chart and types, axis. */
const FIXED_ROWS = 6;
/** An empty line after each of two parts, and one before the footer. */
const GAP_ROWS = 3;
/** A taller chart says no more. */
const TALLEST_CHART = 16;

/** Divides the room between the chart and as many types as there are. */
export function toOverviewLayout({ rows, isRoomy }: Room, types: number): OverviewLayout {
  const free = rows - FIXED_ROWS - (isRoomy ? GAP_ROWS : 0);
  const typeRows = Math.min(types, Math.ceil(free / 2));
  return { chartRows: Math.min(TALLEST_CHART, free - typeRows), typeRows };
}
