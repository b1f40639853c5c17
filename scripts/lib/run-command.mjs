import { become } from './become.mjs';
import { bootstrap, ROOT } from './bootstrap.mjs';
import { BootstrapError } from './toolchain.mjs';

const COMMANDS = {
  start: { args: ['apps/server/src/main.ts', 'start'] },
  tidemark: { args: ['apps/server/src/main.ts'] },
  monitor: { args: ['apps/monitor/src/main.ts'], sharesTerminal: true },
  test: { args: ['node_modules/vitest/vitest.mjs', 'run'] },
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
  process.chdir(ROOT);
  try {
    become(bootstrap(), [...command.args, ...args], command);
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
