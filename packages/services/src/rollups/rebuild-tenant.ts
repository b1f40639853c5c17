import {
  ANY,
  awaitFold,
  changeCalendar,
  type DayStretch,
  DEVICE_CODES,
  dropDaysBefore,
  findOldestQuarter,
  listBusyHours,
  listEventTypes,
  lockHead,
  type RollupCalendar,
  readCalendar,
  readHorizons,
  rebuildDayCounts,
  rebuildDaySets,
  refineUserSets,
  type SetKinds,
  type TenantRow,
  type TenantTransaction,
  updateTenantRow,
  withTenant,
} from '@tidemark/database';
import { DAY_MS, HOUR_MS } from '../calendar/days.ts';
import type { TenantCalendar } from '../calendar/tenant-calendar.ts';
import type { Resources } from '../resources.ts';

/** Events behind the rows that one step rewrites: about a second of work, of which ingest waits for the counts alone. */
const MAX_STEP_EVENTS = 200_000;
/** The most days of a step, however few events they have. */
const MAX_STEP_MS = 31 * DAY_MS;

export type RebuildResult = 'done' | 'more';

/**
 * One step of bringing a tenant's rollups to its calendar, from the newest backwards:
 *
 *   zone changed ──▶ sets by the quarter-hour, where the zone needs them ──▶ days ──▶ done
 *
 * Each step is one transaction that moves the mark which answers and ingest read with it, so a server that dies
 * loses nothing and any other goes on from there. A step waits for its turn with the fold: under load it would find
 * that free by chance alone, and years of days are many steps.
 */
export async function rebuildTenant(
  { database, calendars }: Pick<Resources, 'database' | 'calendars'>,
  { id }: Pick<TenantRow, 'id'>,
  { maxEvents = MAX_STEP_EVENTS }: { readonly maxEvents?: number } = {},
): Promise<RebuildResult> {
  return await withTenant(database.ingest, id, 'write', async (transaction) => {
    await awaitFold(transaction);
    const state = await readCalendar(transaction);
    const step: Step = { transaction, state, calendar: calendars.of(state), maxEvents };
    if ((await refineSets(step)) || (await convertDays(step))) return 'more';
    await updateTenantRow(transaction.db, id, { isRebuilding: false });
    return 'done';
  });
}

type Step = {
  readonly transaction: TenantTransaction;
  readonly state: RollupCalendar;
  readonly calendar: TenantCalendar;
  readonly maxEvents: number;
};

/** Makes the newest sets that hold hours hold quarter-hours; says whether there was anything to do. */
async function refineSets(step: Step): Promise<boolean> {
  const { transaction, state } = step;
  const to = state.quarterSetsFrom;
  if (to === null) return false;
  const oldest = await findOldestQuarter(transaction);
  if (oldest === undefined || oldest >= to) {
    await changeCalendar(transaction, { quarterSetsFrom: null });
    return true;
  }
  const { rawFrom } = await readHorizons(transaction);
  const lowest = Math.max(Math.floor(oldest / HOUR_MS) * HOUR_MS, rawFrom ?? 0);
  // Beyond there is nothing to make them of: they stay what they are.
  if (lowest >= to) return false;
  const from = await findStepStart(step, { from: lowest, to });
  await refineUserSets(transaction, { from, to }, await listSetKinds(transaction));
  await changeCalendar(transaction, { quarterSetsFrom: from });
  return true;
}

/** Makes the newest days of another calendar days of this one; says whether there was anything to do. */
async function convertDays(step: Step): Promise<boolean> {
  const { transaction, state } = step;
  if (state.daysFrom === null) return false;
  const oldest = await findOldestQuarter(transaction);
  const stretch = oldest === undefined ? undefined : await findDayStretch(step, state.daysFrom, oldest);
  if (stretch === undefined) return await endConversion(step, state.daysFrom);
  const [first] = stretch.days;
  // Nothing meets the day before: what is older stays with the finer levels.
  if (first === undefined) return false;
  await rebuildDaySets(transaction, stretch, await listSetKinds(transaction));
  // Only now: whatever ingest adds to these quarter-hours from here on, it adds to their days too.
  await lockHead(transaction);
  await rebuildDayCounts(transaction, stretch);
  await changeCalendar(transaction, { daysFrom: first.day });
  return true;
}

/** Under the head's lock nothing older can arrive between the look and the end. */
async function endConversion({ transaction, calendar }: Step, daysFrom: string): Promise<boolean> {
  await lockHead(transaction);
  const oldest = await findOldestQuarter(transaction);
  if (oldest === undefined || calendar.days.dayOf(oldest) >= daysFrom) {
    await dropDaysBefore(transaction, daysFrom);
    await changeCalendar(transaction, { daysFrom: null });
  }
  return true;
}

/** The days before `daysFrom` that one step converts; none where the fine sets do not meet them; undefined at the end. */
async function findDayStretch(step: Step, daysFrom: string, oldest: number): Promise<DayStretch | undefined> {
  const { days } = step.calendar;
  const lowest = days.dayOf(oldest);
  if (lowest >= daysFrom) return undefined;
  const to = days.startOf(daysFrom);
  const from = await findStepStart(step, { from: days.startOf(lowest), to });
  const found: { day: string; from: number }[] = [];
  let end = to;
  for (let day = dayBefore(daysFrom); day >= lowest; day = dayBefore(day)) {
    const start = days.startOf(day);
    if ((found.length > 0 && start < from) || !step.calendar.isMetBySets(start, end)) break;
    found.unshift({ day, from: start });
    end = start;
  }
  return { days: found, to, toDay: daysFrom };
}

/** How far back from `to` (epoch ms) a step goes: over `maxEvents`, but one hour at least. */
async function findStepStart(
  { transaction, maxEvents }: Step,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number> {
  const earliest = Math.max(from, Math.floor((to - MAX_STEP_MS) / HOUR_MS) * HOUR_MS);
  let total = 0;
  let start: number | undefined;
  for (const { hour, events } of await listBusyHours(transaction, { from: earliest, to })) {
    total += events;
    if (total > maxEvents && start !== undefined) return start;
    start = Math.max(hour, earliest);
  }
  return earliest;
}

async function listSetKinds(transaction: TenantTransaction): Promise<SetKinds> {
  const types = await listEventTypes(transaction);
  return { typeIds: [ANY, ...types.values()], devices: [ANY, ...DEVICE_CODES] };
}

function dayBefore(day: string): string {
  return Temporal.PlainDate.from(day).subtract({ days: 1 }).toString();
}
