import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';
import { preferProduction } from './env.ts';

preferProduction();
// Node runs TypeScript but not JSX: from here on tsx translates it, as the root tsconfig says, whatever
// the working directory is.
register({ tsconfig: fileURLToPath(new URL('../../../tsconfig.json', import.meta.url)) });
const { runMonitor } = await import('./run-monitor.tsx');

try {
  await runMonitor(process.argv.slice(2));
} catch (error) {
  const { Failure } = await import('./connection/failure.ts');
  if (error instanceof Failure) console.error(`${error.message}\n${error.remedy}`);
  else console.error(error, `\nThe monitor made a mistake (${String(error)}); what stands above helps to mend it.`);
  process.exitCode = 1;
}
