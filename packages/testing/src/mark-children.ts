import { getTestRun, RUN_VARIABLE } from './test-run.ts';

// Runs in every worker before its tests. Whatever they start inherits the run's id, and temporary files go to the
// run's folder: so the leak check finds the one and its end removes the other.
const { id, folder } = getTestRun();
process.env[RUN_VARIABLE] = id;
process.env.TMPDIR = folder;
