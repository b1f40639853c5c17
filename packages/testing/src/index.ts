export { findFreePort } from '@tidemark/database';
export type { AuditOptions } from './audit/audit-tenant.ts';
export { auditTenant } from './audit/audit-tenant.ts';
export type { CuttingProxyOptions } from './cutting-proxy.ts';
export { CuttingProxy } from './cutting-proxy.ts';
export type { DashboardAddress } from './dashboard-addresses.ts';
export { DASHBOARD_ADDRESSES } from './dashboard-addresses.ts';
export type { DatabaseResource } from './database-resource.ts';
export { databaseResource } from './database-resource.ts';
export { measureFairness } from './fairness/measure-fairness.ts';
export type { Fault } from './faults/faults.ts';
export { FAULTS } from './faults/faults.ts';
export { runFaults } from './faults/run-faults.ts';
export type { LoadTenant } from './load/create-load-tenant.ts';
export { createLoadTenant } from './load/create-load-tenant.ts';
export type { LedgerEntry, LoadEvent } from './load/ledger.ts';
export { Ledger } from './load/ledger.ts';
export { makeLoadEvents } from './load/load-events.ts';
export { p95 } from './load/percentile.ts';
export type { LoadOptions, LoadReport } from './load/run-load.ts';
export { runLoad } from './load/run-load.ts';
export type { SendResult, SendTarget } from './load/send-batch.ts';
export { sendBatch } from './load/send-batch.ts';
export { assertEqualsBruteForce } from './oracle/assert-equals-brute-force.ts';
export type { OracleQuestion, OracleRow } from './oracle/oracle.ts';
export { Oracle } from './oracle/oracle.ts';
export { PostgresProxy } from './postgres-proxy/postgres-proxy.ts';
export type { CommitPoint } from './postgres-proxy/proxied-connection.ts';
export { RedisCluster } from './redis-cluster.ts';
export type { RedisServerOptions } from './redis-server.ts';
export { RedisServer } from './redis-server.ts';
export type { ServerResource, ServerResourceOptions } from './server-resource.ts';
export { serverResource } from './server-resource.ts';
export type { ServicesResource, ServicesResourceOptions } from './services-resource.ts';
export { servicesResource } from './services-resource.ts';
export type { TemporaryFolder } from './temporary-folder-resource.ts';
export { temporaryFolderResource } from './temporary-folder-resource.ts';
export type { TestRun } from './test-run.ts';
export { getTestRun } from './test-run.ts';
export {
  describeWithChromium,
  describeWithRedis,
  describeWithRedisServer,
  testWithChromium,
  testWithRedis,
  testWithRedisServer,
  testWithTmux,
} from './test-with.ts';
