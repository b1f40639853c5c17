export type { DatabaseResource } from './database-resource.ts';
export { databaseResource } from './database-resource.ts';
export { findFreePort } from './free-port.ts';
export type { OracleQuestion, OracleRow } from './oracle/oracle.ts';
export { Oracle } from './oracle/oracle.ts';
export { RedisServer } from './redis-server.ts';
export type { ServerResource, ServerResourceOptions } from './server-resource.ts';
export { serverResource } from './server-resource.ts';
export type { ServicesResource } from './services-resource.ts';
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
