export type { BreakdownCell, BreakdownOptions, RawDimension } from './analytics/break-down-events.ts';
export { breakDownEvents } from './analytics/break-down-events.ts';
export type { CountPieces } from './analytics/count-events.ts';
export { countEvents } from './analytics/count-events.ts';
export { countFiltered } from './analytics/count-filtered.ts';
export { countUsers } from './analytics/count-users.ts';
export type { Cell, CellFilter, Grouping } from './analytics/grouping.ts';
export { ALL, OTHER } from './analytics/grouping.ts';
export type { LooseUsers } from './analytics/loose-users.ts';
export { findLooseUsers } from './analytics/loose-users.ts';
export type { DayPiece, Piece } from './analytics/piece.ts';
export type { Snapshot } from './analytics/snapshot.ts';
export { takeSnapshot } from './analytics/snapshot.ts';
export type { HourPiece, UserPieces } from './analytics/user-pieces.ts';
export { assertAppRole } from './assert-app-role.ts';
export type { ConnectOptions, Database } from './connect.ts';
export { connectDatabase } from './connect.ts';
export { ANY, DEVICE_CODES, toDevice, toDeviceCode } from './device-codes.ts';
export type { ApiKeyRow, FoundApiKeyRow } from './directory/api-keys.ts';
export {
  countKeysInForce,
  findApiKeyRow,
  findTenantKeyRow,
  insertApiKeyRow,
  listApiKeyRows,
  noteKeyUses,
  revokeApiKeyRow,
  revokeOtherPlatformKeyRows,
  rotateApiKeyRow,
} from './directory/api-keys.ts';
export type { AuditRow } from './directory/audit-log.ts';
export { insertAuditRow, listAuditRows, NO_TENANT, pruneAuditLog } from './directory/audit-log.ts';
export type { RetentionDays, TrimmingTenantRow } from './directory/retention.ts';
export {
  endTrimming,
  findRetention,
  listTrimmingTenantRows,
  markTrimming,
  storeRetention,
} from './directory/retention.ts';
export type { ListedSessionRow, SessionRow } from './directory/sessions.ts';
export {
  deleteSessionRow,
  deleteSessionsOfKey,
  findSessionRow,
  findSignInKey,
  insertSessionRow,
  listSessionRows,
  pruneSessions,
  replaceSignInCode,
  takeSignInCode,
} from './directory/sessions.ts';
export { createTenantHeads } from './directory/tenant-heads.ts';
export type { TenantChanges, TenantRow } from './directory/tenants.ts';
export {
  findTenantRow,
  insertTenantRow,
  listRebuildingTenantRows,
  listTenantRows,
  updateTenantLimits,
  updateTenantRow,
} from './directory/tenants.ts';
export { createDatabase, dropDatabase } from './embedded/databases.ts';
export { EmbeddedPostgresError } from './embedded/embedded-postgres-error.ts';
export { findFreePort } from './embedded/free-port.ts';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded/start-embedded-postgres.ts';
export { startEmbeddedPostgres } from './embedded/start-embedded-postgres.ts';
export type { SupervisorEvent, SupervisorOptions } from './embedded/supervise-embedded-postgres.ts';
export { superviseEmbeddedPostgres } from './embedded/supervise-embedded-postgres.ts';
export { blankCommitKeys, clearDaySets, clearFineSets, clearUserLog } from './erasure/clear-user.ts';
export type { ErasedEvent, Stretch, UserTrace } from './erasure/delete-user-events.ts';
export { deleteUserEvents, deleteUserEventsBefore, listUserTraces } from './erasure/delete-user-events.ts';
export { deleteUser, findUserOrdinal, listUserTimes } from './erasure/find-user.ts';
export { lowerCounts } from './erasure/lower-counts.ts';
export type { EventPosition, StoredEventQuery } from './events/list-stored-events.ts';
export { findStoredEvent, listStoredEvents } from './events/list-stored-events.ts';
export type { CountDelta, CountLevel } from './ingest/add-counts.ts';
export { addCounts } from './ingest/add-counts.ts';
export type { CommitRecord } from './ingest/append-commit.ts';
export { appendCommit, hasCommit } from './ingest/append-commit.ts';
export type { UserLogEntry } from './ingest/append-user-log.ts';
export { appendUserLog } from './ingest/append-user-log.ts';
export { assertHead } from './ingest/assert-head.ts';
export { addEventTypes, listEventTypes } from './ingest/event-types.ts';
export type { EncodedEvents, EncodedKeys, NewEvent } from './ingest/insert-events.ts';
export { encodeEvents, encodeKeys, insertEvents, insertNewEvents, toEventKey } from './ingest/insert-events.ts';
export type { ExpectedHead, Head } from './ingest/lock-head.ts';
export { lockHead } from './ingest/lock-head.ts';
export { findUsers, insertUsers } from './ingest/users.ts';
export type { InjectedFault } from './injected-faults.ts';
export { InjectedFaults } from './injected-faults.ts';
export { migrateDatabase } from './migrate.ts';
export type { CommitsEnd } from './outbox/find-commits.ts';
export { findCommitsEnd, findFirstCommit, findHead } from './outbox/find-commits.ts';
export type { CommitPosition, CommittedEventsQuery, CommittedPage } from './outbox/read-committed-events.ts';
export { readCommittedEvents } from './outbox/read-committed-events.ts';
export type { Outbox } from './outbox/read-outbox.ts';
export { readOutbox } from './outbox/read-outbox.ts';
export { dropEmptyPartitions } from './partitions/drop-empty-partitions.ts';
export { ensurePartitions } from './partitions/ensure-partitions.ts';
export { pingPool } from './ping.ts';
export { changeCalendar } from './rollups/change-calendar.ts';
export type { RollupBound } from './rollups/delete-before.ts';
export { countMonths, deleteEventsBefore, deleteRollupsBefore } from './rollups/delete-before.ts';
export type { FoldLag } from './rollups/fold-lag.ts';
export { findFoldLag } from './rollups/fold-lag.ts';
export { awaitFold, hasUserLog, lockFold, markFolded, takeUserLog } from './rollups/fold-user-log.ts';
export type { Horizons } from './rollups/horizons.ts';
export { readHorizons, storeHorizons } from './rollups/horizons.ts';
export type { SetKinds } from './rollups/insert-user-sets.ts';
export type { BusyHour } from './rollups/list-busy-hours.ts';
export { findOldestQuarter, listBusyHours } from './rollups/list-busy-hours.ts';
export type { SetLevel, UserSetDelta } from './rollups/merge-user-sets.ts';
export { CHUNK_SIZE, mergeUserSets } from './rollups/merge-user-sets.ts';
export { pruneCommits } from './rollups/prune.ts';
export type { DayStretch } from './rollups/rebuild-days.ts';
export { dropDaysBefore, rebuildDayCounts, rebuildDaySets } from './rollups/rebuild-days.ts';
export { refineUserSets } from './rollups/refine-user-sets.ts';
export type { RollupCalendar } from './rollups/rollup-calendar.ts';
export { readCalendar } from './rollups/rollup-calendar.ts';
export type { Fault } from './sql-state.ts';
export { isAway, isStarting, toFault } from './sql-state.ts';
export { withAdvisoryLock } from './with-advisory-lock.ts';
export type { TenantTransaction } from './with-tenant.ts';
export { Trailing, withTenant } from './with-tenant.ts';
