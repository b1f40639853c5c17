import { databaseResource } from '../../src/database-resource.ts';
import { type Asked, BAD_CONNECTIONS, measureFairness } from '../../src/fairness/measure-fairness.ts';
import { p50, p95, toMs } from '../../src/load/percentile.ts';
import { serverResource } from '../../src/server-resource.ts';
import { type Bench, toNumber } from '../bench.ts';
import { toTable } from '../report/to-table.ts';
import type { Verdict } from '../report/verdict.ts';

/** What one tenant's worst questions cost another, on one server. */
export const fairnessBench: Bench = {
  title: `Fairness: a tenant's fresh summaries, alone and beside ${BAD_CONNECTIONS} connections of another's worst questions`,
  options: { seconds: '20', events: '200000' },
  async run({ options, print }) {
    await using database = await databaseResource();
    await using server = await serverResource({ databaseUrl: database.url });
    const { alone, beside, worst } = await measureFairness(server, {
      ms: toNumber(options.seconds) * 1_000,
      events: toNumber(options.events),
    });
    const rows = [toRow('alone', alone), toRow('beside the other', beside)];
    print(toTable(['the good tenant', 'answers', 'p50', 'p95', 'failures'], rows));
    const told = Array.from(worst.outcomes, ([outcome, count]) => `${count} ${outcome}`).join(', ');
    print(`The other: ${told}; p50 ${toMs(p50(worst.latencies))}, p95 ${toMs(p95(worst.latencies))}`);
    const bound = Math.max(3 * p95(alone.latencies), 150);
    return [
      {
        name: 'p95 beside ÷ the larger of 3 × alone and 150 ms',
        value: p95(beside.latencies) / bound,
        bar: { atMost: 1 },
      },
      { name: 'failures of the good tenant', value: beside.failures, bar: { atMost: 0 }, unit: '' },
    ] satisfies Verdict[];
  },
};

function toRow(name: string, { latencies, failures }: Asked): string[] {
  return [name, String(latencies.length), toMs(p50(latencies)), toMs(p95(latencies)), String(failures)];
}
