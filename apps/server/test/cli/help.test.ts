import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';

/** The commands, and those below them, by what one types. */
function toCommands(command: Command, path: readonly string[] = []): [string, Command][] {
  const here: [string, Command][] = path.length === 0 ? [] : [[path.join(' '), command]];
  return [...here, ...command.commands.flatMap((child) => toCommands(child, [...path, child.name()]))];
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return help;
}

const COMMANDS = toCommands(createProgram());

test('there are the commands that the manual names', () => {
  const nouns = new Set(COMMANDS.map(([path]) => path.split(' ')[0]));
  const asked = 'start seed import export query tail watch lab keys tenants limits retention health doctor check';
  for (const name of asked.split(' ')) expect(nouns).toContain(name);
});

test.each(COMMANDS)('%s explains itself with an example', (path, command) => {
  expect(helpOf(command)).toMatch(new RegExp(`Examples:\\n(?: .*\\n)* .*tidemark ${path}`));
});
