import { join } from 'node:path';
import { readClientEnv } from '../../env.ts';
import { EXIT } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import type { Finding } from '../doctor/finding.ts';
import { probeAddress } from '../doctor/probe-address.ts';
import { probeApi, probeCredentialsFile } from '../doctor/probe-api.ts';
import { formatOptions, print, printJson, type TextFormat } from '../output/print.ts';
import { toPrintable } from '../output/to-printable.ts';
import type { Target } from '../resolve-target.ts';

const MARKS = { ok: '✓', unknown: '?', careful: '!', bad: '✗' } as const;

export const doctorCommand = defineCommand<{ readonly format: TextFormat }>({
  name: 'doctor',
  description: 'Looks at a deployment from outside, piece by piece, and says what to do.',
  role: 'platform',
  isForAll: true,
  options: formatOptions(['text', 'json']),
  notes: `
It looks at the address, the clocks, the transport, the key, PostgreSQL, Redis, breakers, load, background work, a
question and a stream. Which schema the database has cannot be told from outside, which it says (?). It changes
nothing. Exit codes: 0 nothing is bad, 1 something is, 2 it could not begin.`,
  examples: [
    'doctor',
    'doctor --url https://events.example.com --key "$KEY"',
    'doctor --json | jq \'.[] | select(.state != "ok")\'',
  ],
  exitCodeOfFailure: EXIT.usage,
  async run({ flags, target }) {
    const findings: Finding[] = [];
    for await (const finding of examine(target)) {
      findings.push(finding);
      if (flags.format === 'text') print(toText(finding));
    }
    if (flags.format === 'json') printJson(findings);
    process.exitCode = findings.some(({ state }) => state === 'bad') ? EXIT.failed : EXIT.ok;
  },
});

async function* examine(target: Target): AsyncGenerator<Finding> {
  const file = await probeCredentialsFile(join(readClientEnv().dataDir, 'credentials.json'));
  if (file !== undefined) yield file;
  let answers = true;
  for await (const finding of probeAddress(target.url)) {
    if (finding.what === 'server' && finding.state === 'bad') answers = false;
    yield finding;
  }
  if (answers) yield* probeApi(target);
}

function toText(finding: Finding): string {
  const line = `${MARKS[finding.state]} ${finding.what.padEnd(14)} ${toPrintable(finding.found)}\n`;
  return finding.state === 'ok' ? line : `${line}  ${''.padEnd(14)} → ${finding.remedy}\n`;
}
