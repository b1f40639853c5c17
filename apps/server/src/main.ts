import { EXIT } from './cli/cli-error.ts';
import { createProgram } from './cli/program.ts';
import { reportError } from './cli/report-error.ts';

try {
  await createProgram().parseAsync();
  process.exit(process.exitCode ?? EXIT.ok);
} catch (error) {
  process.exit(await reportError(error));
}
