import { EXIT } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { formatOptions, print, printJson, type TextFormat } from '../output/print.ts';
import { toHealthText } from '../output/to-health-text.ts';

export const healthCommand = defineCommand<{ readonly format: TextFormat }>({
  name: 'health',
  description: 'Says how the server does and what is wrong: ends with 0 where all is well, with 1 where not.',
  role: 'viewer',
  isAnyTenant: true,
  options: formatOptions(['text', 'json']),
  notes:
    'Exit codes: 0 all is well, 1 something is wrong, 2 the server cannot be asked. For what to do: tidemark doctor.',
  examples: ['health', 'health --json | jq .problems', 'health > /dev/null || page-somebody'],
  exitCodeOfFailure: EXIT.usage,
  async run({ flags, tidemark }) {
    const health = await tidemark.admin.health.query();
    if (flags.format === 'json') printJson(health);
    else print(toHealthText(health));
    process.exitCode = health.status === 'ok' ? EXIT.ok : EXIT.failed;
  },
});
