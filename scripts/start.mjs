// `npm start`: everything from one command. A service manager runs this file itself, since npm keeps SIGTERM.
import { runCommand } from './lib/run-command.mjs';

runCommand('start', process.argv.slice(2));
