import { join } from 'node:path';
import { become } from './become.mjs';
import { bootstrap, ROOT } from './bootstrap.mjs';
import { BootstrapError } from './toolchain.mjs';

const COMMANDS = {
  start: { args: ['apps/server/src/main.ts', 'start'] },
  tidemark: { args: ['apps/server/src/main.ts'], readsFiles: true },
  monitor: { args: ['apps/monitor/src/main.ts'], sharesTerminal: true },
  test: { args: ['node_modules/vitest/vitest.mjs', 'run'] },
  'test:fuzz': {
    args: ['node_modules/vitest/vitest.mjs', 'run', 'apps/server/test/fuzz'],
    settings: { FUZZ_CASES: '100000' },
  },
  'test:faults': { args: ['packages/testing/faults/main.ts'] },
  bench: { args: ['packages/testing/bench/main.ts'] },
  audit: { args: ['scripts/audit.mjs'] },
  check: { args: ['scripts/check.mjs'] },
  dev: { args: ['scripts/dev.mjs'] },
};

/** Fetches and installs what lacks, then becomes the command. */
export function runCommand(name, args) {
  const command = COMMANDS[name];
  if (command === undefined) {
    console.error(`There is no command ${name ?? ''}; the commands are ${Object.keys(COMMANDS).join(', ')}.`);
    process.exit(1);
  }
  // npm has gone to the root by now, and tells where it was called.
  const calledFrom = process.env.INIT_CWD ?? process.cwd();
  process.chdir(ROOT);
  try {
    const node = bootstrap();
    const [script, ...fixed] = command.args;
    for (const [setting, value] of Object.entries(command.settings ?? {})) process.env[setting] ??= value;
    // A person names files from where they are.
    if (command.readsFiles) {
      process.chdir(calledFrom);
      process.env.TIDEMARK_DATA_DIR ??= join(ROOT, '.tidemark');
    }
    become(node, [join(ROOT, script), ...fixed, ...args], command);
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
