import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';

/** The commands that do something, by what one types. */
function toLeaves(command: Command, path: readonly string[] = []): [string, Command][] {
  if (command.commands.length === 0) return [[path.join(' '), command]];
  return command.commands.flatMap((child) => toLeaves(child, [...path, child.name()]));
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

const LEAVES = toLeaves(createProgram());

test('there are the commands that the manual names', () => {
  const nouns = new Set(LEAVES.map(([path]) => path.split(' ')[0]));
  const asked = 'start seed import export query tail watch lab keys tenants limits retention health doctor check';
  for (const name of asked.split(' ')) expect(nouns).toContain(name);
});

test.each(LEAVES)('%s explains itself with an example', (path, command) => {
  expect(helpOf(command)).toMatch(new RegExp(`Examples:\\n(?: .*\\n)* .*tidemark ${path}`));
});
