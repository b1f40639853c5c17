import { z } from 'zod';

export const SCENARIOS = [
  'traffic_spike',
  'circuit_breaker',
  'cache_performance',
  'graceful_degradation',
  'end_to_end',
] as const;
export const scenarioNameSchema = z.enum(SCENARIOS);
export type ScenarioName = z.infer<typeof scenarioNameSchema>;

/** The longest a phase of a scenario may take: a lab is a minute's work, and ends by itself. */
const MAX_PHASE_SECONDS = 60;

/** `admin.lab.run`: which scenario, and how long each of its phases lasts. */
export const runLabInputSchema = z.strictObject({
  scenario: scenarioNameSchema,
  /** Seconds of a phase. Default: as long as the scenario needs. */
  phaseSeconds: z.number().min(1).max(MAX_PHASE_SECONDS).optional(),
});
export type RunLabInput = z.infer<typeof runLabInputSchema>;

export const LAB_UNITS = ['count', 'ms', 'per_second', 'ratio', 'level'] as const;

/** One measured number. `ratio` is a share from 0 to 1, `level` a degradation level. */
export const labFigureSchema = z.object({ name: z.string(), value: z.number(), unit: z.enum(LAB_UNITS) });
export type LabFigure = z.infer<typeof labFigureSchema>;

/** One condition of a verdict: what was expected, and what was measured. */
export const labCheckSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  expected: z.string(),
  measured: z.string(),
});
export type LabCheck = z.infer<typeof labCheckSchema>;

/** What a scenario tells as it runs: each phase as it begins and ends, the picture twice a second, at last the verdict. */
export const labMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase'), phase: z.string(), title: z.string(), explains: z.string() }),
  z.object({ type: z.literal('sample'), phase: z.string(), elapsedMs: z.number(), figures: z.array(labFigureSchema) }),
  z.object({ type: z.literal('result'), phase: z.string(), figures: z.array(labFigureSchema) }),
  z.object({
    type: z.literal('verdict'),
    passed: z.boolean(),
    checks: z.array(labCheckSchema),
    tookMs: z.number(),
  }),
]);
export type LabMessage = z.infer<typeof labMessageSchema>;

/** A fault may not outlive the lab that set it: it ends by itself after at most this long. */
const MAX_FAULT_MS = 120_000;

/** `admin.faults.inject`: what the server that is asked does with its own connections to PostgreSQL. */
export const injectFaultInputSchema = z.discriminatedUnion('fault', [
  z.strictObject({
    fault: z.literal('database_slow'),
    /** How much longer each transaction holds its connection. */
    delayMs: z.int().min(1).max(10_000),
    forMs: z.int().min(1).max(MAX_FAULT_MS),
  }),
  z.strictObject({ fault: z.literal('database_down'), forMs: z.int().min(1).max(MAX_FAULT_MS) }),
]);
export type InjectFaultInput = z.infer<typeof injectFaultInputSchema>;

export const faultsSchema = z.object({
  /** What is injected now; null where nothing is. */
  active: z.object({ fault: z.enum(['database_slow', 'database_down']), endsInMs: z.number() }).nullable(),
});
export type Faults = z.infer<typeof faultsSchema>;
