import { createTidemark, toTidemarkError } from '@tidemark/client';
import { type LabFigure, type LabMessage, SCENARIOS, type ScenarioName } from '@tidemark/schemas';
import { Argument, type Command } from 'commander';
import { CliError, EXIT } from '../cli-error.ts';
import { resolvePlatform } from '../resolve-target.ts';

type LabFlags = { phaseSeconds?: string; json?: true; url?: string; key?: string };

const LAB_HELP = `
Scenarios:
  traffic_spike         a hundred callers at once: the rate limit holds, and says when to come again
  circuit_breaker       the database slow, then gone: the breaker opens, old answers are served, it closes again
  cache_performance     what is kept against what is computed, and what a commit takes out of date
  graceful_degradation  load raises the level: coarser buckets, low priority shed; then it recovers
  end_to_end            what one server acknowledges, another one's numbers hold within a second

They drive the server that is named, on the lab's own tenant. circuit_breaker needs a server started with TIDEMARK_LAB=1.
Ends with 0 where the verdict is a pass, else with 1.

Examples:
  tidemark lab run cache_performance
  tidemark lab run traffic_spike --phase-seconds 10 --json
`;

export function addLabCommand(program: Command): void {
  const lab = program
    .command('lab')
    .description('Runs the scenarios that show how the server bears load and faults.')
    .addHelpText('after', LAB_HELP);
  lab
    .command('run')
    .description('Runs a scenario against a server, and tells its verdict.')
    .addArgument(new Argument('<scenario>').choices(SCENARIOS))
    .option('--phase-seconds <seconds>', 'how long a phase lasts, instead of its own time')
    .option('--json', 'every message as a line of JSON')
    .option('--url <url>', 'the server (else TIDEMARK_URL, else the local one)')
    .option('--key <key>', "a platform key (else TIDEMARK_KEY, else the local server's)")
    .addHelpText('after', LAB_HELP)
    .action(runScenario);
}

async function runScenario(scenario: ScenarioName, flags: LabFlags): Promise<void> {
  const phaseSeconds = flags.phaseSeconds === undefined ? undefined : Number(flags.phaseSeconds);
  if (phaseSeconds !== undefined && !(phaseSeconds >= 1 && phaseSeconds <= 60)) {
    throw new CliError('--phase-seconds must be a number from 1 to 60.', { exitCode: EXIT.usage });
  }
  const client = createTidemark(await resolvePlatform(flags));
  const write = flags.json === true ? writeJson : writeText;
  const { promise: verdict, resolve, reject } = Promise.withResolvers<boolean>();
  const input = { scenario, ...(phaseSeconds !== undefined && { phaseSeconds }) };
  client.admin.lab.run.subscribe(input, {
    onData(message: LabMessage) {
      write(message);
      if (message.type === 'verdict') resolve(message.passed);
    },
    onError: reject,
    onComplete: () => reject(new Error('the run ended without a verdict')),
  });
  const passed = await verdict.catch((cause: unknown) => {
    const { code, reason } = toTidemarkError(cause);
    throw new CliError(`${reason} (${code})`, { cause });
  });
  if (!passed) process.exitCode = EXIT.failed;
}

function writeJson(message: LabMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function writeText(message: LabMessage): void {
  const text = toText(message);
  if (text !== '') process.stdout.write(`${text}\n`);
}

function toText(message: LabMessage): string {
  if (message.type === 'phase') return `\n${message.title}\n  ${message.explains}`;
  if (message.type === 'sample') return process.stdout.isTTY ? `  ${toFigures(message.figures)}` : '';
  if (message.type === 'result') return `  → ${toFigures(message.figures)}`;
  const rows = message.checks.map(
    ({ name, passed, expected, measured }) => `  ${passed ? '✓' : '✗'} ${name}: ${measured} (expected ${expected})`,
  );
  const seconds = (message.tookMs / 1_000).toFixed(1);
  return ['', message.passed ? `Passed, in ${seconds} s` : `Failed, in ${seconds} s`, ...rows].join('\n');
}

function toFigures(figures: readonly LabFigure[]): string {
  return figures.map(({ name, value, unit }) => `${name} ${toFigure(value, unit)}`).join(' · ');
}

function toFigure(value: number, unit: LabFigure['unit']): string {
  if (unit === 'ms') return `${value} ms`;
  if (unit === 'per_second') return `${value}/s`;
  if (unit === 'ratio') return `${(value * 100).toFixed(1)} %`;
  return String(value);
}
