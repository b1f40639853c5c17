import { ADMIN_CASES } from './cases/admin-cases.ts';
import { ANALYTICS_CASES } from './cases/analytics-cases.ts';
import { EVENT_CASES } from './cases/event-cases.ts';
import type { FuzzCase } from './fuzz-case.ts';

/** Every procedure of the router by its path: one that is missing here fails the test. */
export const FUZZ_CASES: Readonly<Record<string, FuzzCase>> = { ...ANALYTICS_CASES, ...EVENT_CASES, ...ADMIN_CASES };
