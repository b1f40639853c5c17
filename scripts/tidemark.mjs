#!/usr/bin/env node
// The command line as an installed program: `npm link` here makes it `tidemark` anywhere.
import { runCommand } from './lib/run-command.mjs';

runCommand('tidemark', process.argv.slice(2));
