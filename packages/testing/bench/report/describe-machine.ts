import { availableParallelism, loadavg, totalmem } from 'node:os';
import { Oracle } from '../../src/oracle/oracle.ts';
import { getTestRun } from '../../src/test-run.ts';

/** What the figures were measured on, without its name. */
export async function describeMachine(): Promise<string> {
  await using postgres = await Oracle.open(getTestRun().postgresUrl);
  const [row] = await postgres.ask('SHOW server_version');
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const [load = 0] = loadavg();
  return [
    `${availableParallelism()} cores, ${gigabytes} GB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    `PostgreSQL ${row?.server_version}, default durability`,
    `load ${load.toFixed(1)} at the start`,
  ].join(' · ');
}
