import { type SummaryInput, summaryInputSchema, summarySchema } from '@tidemark/schemas';
import { assertEqualsBruteForce } from '@tidemark/testing';
import type { z } from 'zod';
import { ask } from '../ask.ts';
import type { FuzzLane } from '../fuzz-lane.ts';

const SUMMARY_CALL = { path: 'analytics.summary', isQuery: true, output: summarySchema };

/** Whether a summary is what brute force counts. */
export async function compareSummary(
  { oracle, facts }: FuzzLane,
  input: SummaryInput,
  summary: z.infer<typeof summarySchema>,
): Promise<true> {
  await assertEqualsBruteForce(oracle, facts.id, summaryInputSchema.parse(input), summary);
  return true;
}

/** Asks the facts for a summary, and compares it. */
export async function askAndCompare(lane: FuzzLane, input: SummaryInput): Promise<true> {
  const { data, refusal } = await ask(lane.facts.admin, SUMMARY_CALL, input);
  if (data === undefined) throw new Error(refusal.reason);
  return await compareSummary(lane, input, data);
}
