export type { ApiKey, CreatedKey, CreateKeyInput, RotatedKey, RotateKeyInput } from './api-key.ts';
export {
  apiKeySchema,
  createdKeySchema,
  createKeyInputSchema,
  MAX_ROTATION_GRACE_MS,
  revokeKeyInputSchema,
  rotatedKeySchema,
  rotateKeyInputSchema,
} from './api-key.ts';
export type { AuditAction, AuditEntry, AuditInput, AuditPage } from './audit.ts';
export { AUDIT_ACTIONS, auditCursorSchema, auditEntrySchema, auditInputSchema, auditPageSchema } from './audit.ts';
export type { Breakdown, BreakdownBy, BreakdownInput, BreakdownQuery, BreakdownRow } from './breakdown.ts';
export { breakdownInputSchema, breakdownRowSchema, breakdownSchema } from './breakdown.ts';
export type { BreakerHealth, BreakerName, BreakerState } from './breaker.ts';
export { BREAKER_NAMES, BREAKER_STATES, breakerSchema } from './breaker.ts';
export type { CacheStats, ClearCacheInput } from './cache-stats.ts';
export { cacheStatsSchema, clearCacheInputSchema } from './cache-stats.ts';
export type { CommitNotice } from './commit-notice.ts';
export { commitNoticeSchema } from './commit-notice.ts';
export type { ControlNotice } from './control-notice.ts';
export { controlNoticeSchema } from './control-notice.ts';
export type { Credentials } from './credentials.ts';
export { credentialsSchema } from './credentials.ts';
export type { Device } from './device.ts';
export { DEVICES, deviceSchema } from './device.ts';
export type { ErasedUser, EraseUserInput } from './erase-user.ts';
export { erasedUserSchema, eraseUserInputSchema } from './erase-user.ts';
export type { ErrorCode, ErrorData } from './error-code.ts';
export { ERROR_STATUS, errorCodeSchema, errorDataSchema } from './error-code.ts';
export type { Event, EventInput, EventKey } from './event.ts';
export { eventInputSchema, eventKeySchema, eventSchema } from './event.ts';
export type { EventCursor } from './event-cursor.ts';
export { eventCursorSchema } from './event-cursor.ts';
export type { EventPage, ListEventsInput, ListEventsQuery } from './event-page.ts';
export { eventPageSchema, listEventsInputSchema } from './event-page.ts';
export type { ExportFormat, ExportQuery } from './export.ts';
export { CSV_COLUMNS, EXPORT_FORMATS, exportInputSchema } from './export.ts';
export type { Filters, PropertyFilter } from './filters.ts';
export { filterFields, filtersSchema, MAX_FILTER_VALUES, propertyFilterSchema } from './filters.ts';
export type { GenerateInput, GenerateMessage, GeneratePlace, GenerateReport } from './generate.ts';
export {
  generateInputSchema,
  generateMessageSchema,
  generatePlaceSchema,
  generateReportSchema,
} from './generate.ts';
export type { Health } from './health.ts';
export { healthSchema } from './health.ts';
export type { IngestInput, IngestOutput, Receipt, Rejection } from './ingest.ts';
export {
  ingestInputSchema,
  ingestOutputSchema,
  MAX_EVENTS_PER_BATCH,
  REJECTION_CODES,
  receiptSchema,
  rejectionSchema,
} from './ingest.ts';
export { boundInstantSchema, instantInputSchema, instantSchema, toInstant } from './instant.ts';
export type { Interval, IntervalChoice } from './interval.ts';
export { INTERVALS, intervalChoiceSchema, intervalSchema } from './interval.ts';
export { isValidEvent } from './is-valid-event.ts';
export type { Json, JsonObject } from './json.ts';
export { MAX_PROPERTIES_BYTES, MAX_PROPERTIES_DEPTH, propertiesSchema } from './json.ts';
export type { Faults, InjectFaultInput, LabCheck, LabFigure, LabMessage, RunLabInput, ScenarioName } from './lab.ts';
export {
  faultsSchema,
  injectFaultInputSchema,
  LAB_UNITS,
  labCheckSchema,
  labFigureSchema,
  labMessageSchema,
  runLabInputSchema,
  SCENARIOS,
  scenarioNameSchema,
} from './lab.ts';
export { MAX_BATCH_CALLS, MAX_BODY_BYTES } from './limits.ts';
export type { Load, LoadLevel, LoadSample } from './load.ts';
export { loadLevelSchema, loadSchema } from './load.ts';
export type { Meta, Source, Tier } from './meta.ts';
export { metaSchema, SOURCES, TIERS } from './meta.ts';
export type { Priority } from './priority.ts';
export { PRIORITIES, prioritySchema } from './priority.ts';
export type { LastRange, RangeInput, ResolvedRange } from './range.ts';
export { checkRange, LAST_RANGES, rangeFields, resolvedRangeSchema } from './range.ts';
export type { LimitClass, Limits, LimitsInput } from './rate-limit.ts';
export { LIMIT_CLASSES, limitsInputSchema, limitsSchema } from './rate-limit.ts';
export type { Retention, RetentionInput, RetentionPreview } from './retention.ts';
export { retentionInputSchema, retentionPreviewSchema, retentionSchema } from './retention.ts';
export type { Role, Scope, TenantRole } from './role.ts';
export { ROLE_SCOPES, roleSchema, SCOPES, scopeSchema, tenantRoleSchema } from './role.ts';
export type { CreatedSession, CreateSessionInput, CurrentSession, EndSessionInput, Session } from './session.ts';
export {
  createdSessionSchema,
  createSessionInputSchema,
  currentSessionSchema,
  endSessionInputSchema,
  sessionSchema,
} from './session.ts';
export type {
  Bucket,
  Group,
  GroupBy,
  Summary,
  SummaryInput,
  SummaryQuery,
  Totals,
  WatchManyInput,
  WatchManyQuery,
} from './summary.ts';
export {
  bucketSchema,
  GROUP_BYS,
  groupSchema,
  summaryFields,
  summaryInputSchema,
  summarySchema,
  totalsSchema,
  watchInputSchema,
  watchManyInputSchema,
} from './summary.ts';
export type { SummaryCursor, SummaryPage, SummaryPageInput, SummaryPageQuery } from './summary-page.ts';
export { summaryCursorSchema, summaryPageInputSchema, summaryPageSchema } from './summary-page.ts';
export type { TailInput, TailMessage } from './tail.ts';
export { tailInputSchema, tailMessageSchema } from './tail.ts';
export type { CreateTenantInput, Tenant, UpdateTenantInput } from './tenant.ts';
export { createTenantInputSchema, slugSchema, tenantSchema, updateTenantInputSchema } from './tenant.ts';
export { isStorableText, textSchema } from './text.ts';
export { timeZoneSchema } from './time-zone.ts';
