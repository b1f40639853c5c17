import type { Database, NewEvent } from '@tidemark/database';
import type { Bus } from '@tidemark/redis';
import { answerSummary } from './analytics/answer-summary.ts';
import { Authenticator } from './auth/authenticator.ts';
import { TenantDirectory } from './auth/tenant-directory.ts';
import { Calendars } from './calendar/calendars.ts';
import { announceCommit } from './events/announce-commit.ts';
import { EventTypes } from './events/event-types.ts';
import { GroupCommit } from './events/group-commit.ts';
import { Partitions } from './events/partitions.ts';
import { storeEvents } from './events/store-events.ts';
import { SummaryHub } from './live/summary-hub.ts';
import type { Resources } from './resources.ts';
import { FoldMarks } from './rollups/fold-marks.ts';

export type ResourceOptions = {
  readonly database: Database;
  readonly bus: Bus;
  /** Epoch ms; the system's clock by default. */
  readonly clock?: () => number;
};

/** Puts a server's shared parts together over an open database and bus. */
export function createResources({ database, bus, clock = Date.now }: ResourceOptions): Resources {
  const tenants = new TenantDirectory(database);
  const calendars = new Calendars();
  const partitions = new Partitions(database);
  const types = new EventTypes();
  const foldMarks = new FoldMarks();

  const store = async (tenantId: string, events: readonly NewEvent[]) => {
    const committed = await storeEvents({ database, tenantId, calendars, types, partitions, now: clock }, events);
    // Before the receipt: whoever holds one and asks anew finds what it says.
    for (const { commit } of committed) {
      if (commit !== null) announceCommit({ bus }, tenantId, commit);
    }
    foldMarks.mark(tenantId);
    return committed;
  };

  const resources: Resources = {
    database,
    bus,
    authenticator: new Authenticator(database, clock),
    tenants,
    calendars,
    partitions,
    groupCommit: new GroupCommit(store),
    foldMarks,
    summaryHub: new SummaryHub(bus, (tenant, query) => answerSummary(resources, tenant, query)),
    clock,
  };
  return resources;
}
