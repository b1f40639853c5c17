// `node scripts/run.mjs <command> [arguments]`: plain JavaScript without dependencies, because an old Node runs it
// before anything is installed.
import { runCommand } from './lib/run-command.mjs';

const [name, ...args] = process.argv.slice(2);
runCommand(name, args);
