import type { Tidemark } from '@tidemark/client';
import type { RangeInput, Summary } from '@tidemark/schemas';
import { Argument } from 'commander';
import type { Measure } from '../check/check.ts';
import { asksForPrevious, evaluateCheck, type Measured, toMeasures } from '../check/evaluate-check.ts';
import { parseCheck } from '../check/parse-check.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { formatOptions, note, print, printJson, type TextFormat } from '../output/print.ts';
import { toProvenance } from '../output/to-provenance.ts';
import { type RangeFlags, rangeOptions, toRange } from '../question-options.ts';

type Flags = RangeFlags & { readonly format: TextFormat };

/** A check that asks for more is a report. */
const MAX_MEASURES = 10;

export const checkCommand = defineCommand<Flags>({
  name: 'check',
  description: 'Ends with 0 where a condition on the numbers holds, with 1 where not: for CI and cron.',
  role: 'viewer',
  arguments: [new Argument('<condition>', "for example 'signup >= 0.7 * previous'")],
  options: [...rangeOptions(), ...formatOptions(['text', 'json'])],
  notes: `
A condition compares (>= <= > < == !=) numbers, counts, and sums, differences, products and quotients (+ - * / and
brackets) of them. A count is an event type, with .users for its unique users: signup, signup.users, "page view".
events and users alone are those of all types. previous is what the first count was in the range before;
previous(signup) says of what. The answer is fresh, and exact: otherwise it cannot be decided.

Exit codes: 0 it holds, 1 it does not, 2 it cannot be told (no server, no such key, nothing to divide by,
nothing kept of the range before, no sense).`,
  examples: [
    "check 'signup >= 0.7 * previous' --range 1h --tenant acme",
    "check 'purchase.users / signup.users > 0.05' --range 7d",
    "check 'error <= 0.01 * events' --range 15m || page-somebody",
  ],
  exitCodeOfFailure: EXIT.usage,
  async run({ args: [condition = ''], flags, tidemark }) {
    const check = parseCheck(condition);
    const measures = toMeasures(check);
    if (measures.length > MAX_MEASURES) {
      throw new CliError(`A check may count ${MAX_MEASURES} things at most.`, { exitCode: EXIT.usage });
    }
    const measured = await Promise.all(measures.map(async (one) => measure(tidemark, one, toRange(flags))));
    const inexact = measured.find(({ meta }) => !meta.exact);
    if (inexact !== undefined) throw undecided(`the answer is not exact: ${toProvenance(inexact.meta)}`);
    if (asksForPrevious(check) && measured.some(({ previous }) => previous === undefined)) {
      throw undecided('the events of the range before are no longer kept: ask for a shorter range');
    }
    const verdict = evaluateCheck(check, (wanted) => {
      const found = measured.find(({ type, of }) => type === wanted.type && of === wanted.of);
      return { now: found?.now ?? 0, previous: found?.previous };
    });
    const counts = measured.map(({ type, of, now, previous = null }) => ({ type, of, now, previous }));
    if (verdict === undefined) throw undecided(`it divides by nothing: ${counts.map(toText).join(', ')}`);
    const { holds, left, right } = verdict;
    for (const { type, now, previous } of counts) {
      if (type !== null && now + (previous ?? 0) === 0) note(`there was no "${type}" at all: is that its name?`);
    }
    if (flags.format === 'json') printJson({ condition, holds, left, right, counts, range: measured[0]?.meta.range });
    else {
      print(`${holds ? 'holds' : 'does not hold'}: ${condition}\n`);
      print(`  ${toNumber(left)} against ${toNumber(right)}; ${counts.map(toText).join(', ')}\n`);
    }
    process.exitCode = holds ? EXIT.ok : EXIT.failed;
  },
});

type Count = Measure & { readonly now: number; readonly previous: number | null };
type MeasuredCount = Measure & Measured & { readonly meta: Summary['meta'] };

async function measure(tidemark: Tidemark, { type, of }: Measure, range: RangeInput): Promise<MeasuredCount> {
  const { totals, previous, meta } = await tidemark.analytics.summary.query({
    ...range,
    ...(type !== null && { types: [type] }),
    compare: 'previous',
    fresh: true,
  });
  return { type, of, now: totals[of], previous: previous?.totals[of], meta };
}

function toText({ type, of, now, previous }: Count): string {
  const before = previous === null ? 'not known before' : `${previous} before`;
  return `${type === null ? of : `${JSON.stringify(type)} ${of}`}: ${now} now, ${before}`;
}

/** Whole where it is whole, else to three places. */
function toNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

function undecided(why: string): CliError {
  return new CliError(`cannot be decided: ${why}`, { exitCode: EXIT.usage });
}
