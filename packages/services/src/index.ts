export { clearCache } from './admin/clear-cache.ts';
export { createKey } from './admin/create-key.ts';
export { createSession } from './admin/create-session.ts';
export { createTenant } from './admin/create-tenant.ts';
export { endSession } from './admin/end-session.ts';
export { ensurePlatformKey, isUsableKey, renewSignInCode } from './admin/ensure-platform-key.ts';
export { eraseUser } from './admin/erase-user.ts';
export { getCacheStats } from './admin/get-cache-stats.ts';
export { getCurrentSession } from './admin/get-current-session.ts';
export { getHealth } from './admin/get-health.ts';
export { getLimits } from './admin/get-limits.ts';
export { getRetention } from './admin/get-retention.ts';
export { listAudit } from './admin/list-audit.ts';
export { listKeys } from './admin/list-keys.ts';
export { listSessions } from './admin/list-sessions.ts';
export { listTenants } from './admin/list-tenants.ts';
export { previewRetention } from './admin/preview-retention.ts';
export { replacePlatformKeys } from './admin/replace-platform-keys.ts';
export { revokeKey } from './admin/revoke-key.ts';
export { rotateKey } from './admin/rotate-key.ts';
export { setLimits } from './admin/set-limits.ts';
export { setRetention } from './admin/set-retention.ts';
export { updateTenant } from './admin/update-tenant.ts';
export { watchHealth } from './admin/watch-health.ts';
export { queryBreakdown } from './analytics/query-breakdown.ts';
export { querySummary } from './analytics/query-summary.ts';
export { querySummaryPage } from './analytics/query-summary-page.ts';
export { watchSummaries } from './analytics/watch-summaries.ts';
export { watchSummary } from './analytics/watch-summary.ts';
export type { Actor } from './auth/actor.ts';
export { makeKeySecret } from './auth/secret.ts';
export type {
  ActorContext,
  AnonymousContext,
  NotedCall,
  RawContext,
  RequestTrail,
  TenantContext,
  TenantRef,
} from './context.ts';
export { actorContext, anonymousContext, assertScope, tenantContext } from './context.ts';
export type { ResourceOptions } from './create-resources.ts';
export { createResources } from './create-resources.ts';
export { exportEvents } from './events/export-events.ts';
export { generateEvents } from './events/generate-events.ts';
export type { TrafficOptions, TrafficType } from './events/generate-traffic/index.ts';
export { generateTraffic, TRAFFIC_TYPES } from './events/generate-traffic/index.ts';
export { getEvent } from './events/get-event.ts';
export { GroupCommit } from './events/group-commit.ts';
export { ingestEvents } from './events/ingest-events.ts';
export { listEvents } from './events/list-events.ts';
export { tailEvents } from './events/tail-events.ts';
export { createScenario } from './lab/create-scenario.ts';
export { clearFaults, injectFault } from './lab/inject-fault.ts';
export type { Called, CallOptions, LabClient } from './lab/lab-client.ts';
export type { LabControl, LabEngine, LabKeys, LabRun } from './lab/lab-engine.ts';
export { runLab } from './lab/run-lab.ts';
export { runScenario } from './lab/run-scenario.ts';
export type { BillItem } from './limits/bill.ts';
export { Bill } from './limits/bill.ts';
export { chargeCall, prepayCalls } from './limits/charge-call.ts';
export type { LimitName, LimitRule, LimitRules } from './limits/limit-rules.ts';
export { DEFAULT_LIMITS } from './limits/limit-rules.ts';
export { chargeAttempt } from './limits/with-attempt.ts';
export type { Resources } from './resources.ts';
export type { MaintenanceOptions } from './rollups/maintenance.ts';
export { foldAll, startMaintenance } from './rollups/maintenance.ts';
export type { CallOutcome, MeteredCall } from './telemetry/metrics.ts';
export type { Span, SpanAttributes, Tracer } from './telemetry/tracer.ts';
export { TidemarkError } from './tidemark-error.ts';
