import { countMonths, findOldestQuarter, takeSnapshot } from '@tidemark/database';
import { type RetentionInput, type RetentionPreview, toInstant } from '@tidemark/schemas';
import { CellTable } from '../analytics/cell-table.ts';
import { toCountCells } from '../analytics/count-cells.ts';
import { Reach } from '../analytics/reach.ts';
import { HOUR_MS } from '../calendar/days.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { toHorizons } from '../rollups/to-horizons.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** What a setting would delete if it were made now; nothing is changed. */
export async function previewRetention(ctx: TenantContext, input: RetentionInput): Promise<RetentionPreview> {
  assertScope(ctx, 'admin:write');
  const { reads, calendars, clock } = ctx.resources;
  return await withReadFaults(() =>
    reads.ask(ctx.tenant.id, async (transaction) => {
      const { calendar: state, horizons } = await takeSnapshot(transaction);
      const now = clock();
      const wanted = toHorizons(input, horizons, now);
      const oldest = await findOldestQuarter(transaction);
      const calendar = calendars.of(state);
      const reach = new Reach({ calendar, horizons, now });
      const countCells = toCountCells({ transaction, filters: {}, typeIds: new Map(), reach });

      const countBetween = async (current: number | null, to: number | null) => {
        // Every rollup meets whole hours.
        const from = Math.max(current ?? 0, Math.floor((oldest ?? Number.POSITIVE_INFINITY) / HOUR_MS) * HOUR_MS);
        if (to === null || from >= to) return { events: 0, users: 0, months: 0 };
        const { events, users } = await countCells([from, to], { by: 'nothing', keep: null });
        const months = await countMonths(transaction, { from, to });
        return { events: new CellTable(events).get(0), users: new CellTable(users).get(0), months };
      };
      const { months: _months, ...rollups } = await countBetween(horizons.rollupsFrom, wanted.rollupsFrom);
      return {
        rawFrom: toInstantOrNull(wanted.rawFrom),
        rollupsFrom: toInstantOrNull(wanted.rollupsFrom),
        raw: await countBetween(horizons.rawFrom, wanted.rawFrom),
        rollups,
      };
    }),
  );
}

function toInstantOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : toInstant(epochMs);
}
