// The house rules in one go: format, lint, types, boundaries, unused code. Needs no service; takes seconds.
// `node scripts/check.mjs` runs every step, `node scripts/check.mjs lint types` only the named ones.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findCycles } from './architecture/find-cycles.ts';
import { findDependencyFlaws, readJudgedBuilds } from './architecture/find-dependency-flaws.ts';
import { findInstalledFlaws } from './architecture/find-installed-flaws.ts';
import { findRepositoryFlaws } from './architecture/find-repository-flaws.ts';
import { findViolations } from './architecture/find-violations.ts';
import { LAYERS } from './architecture/layers.ts';
import { readInstalled } from './architecture/read-installed.ts';
import { readSources, readTrackedFiles } from './architecture/read-sources.ts';

const root = join(import.meta.dirname, '..');
const dashboard = join(root, 'apps/dashboard');

/** The slowest first, so that the others fill the processors beside it. */
const STEPS = {
  svelte: [
    { command: 'svelte-kit', args: ['sync'], cwd: dashboard },
    {
      command: 'svelte-check',
      args: ['--fail-on-warnings', '--tsgo-experimental-api', '--output', 'human'],
      cwd: dashboard,
    },
  ],
  lint: [
    {
      command: 'biome',
      args: ['check', '--error-on-warnings', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`],
      cwd: root,
    },
  ],
  promises: [{ command: 'oxlint', args: [], cwd: root }],
  // A page has the DOM, which must be known nowhere else.
  types: ['.', 'packages/client/examples/browser-page'].map((project) => ({
    command: 'tsc',
    args: ['-p', project, '--pretty', String(process.stdout.isTTY === true)],
    cwd: root,
  })),
  unused: [{ command: 'knip', args: ['--no-progress', '--no-config-hints'], cwd: root }],
  boundaries: () => [...findViolations(readSources(root), LAYERS), ...findCycles(LAYERS)],
  repository: () => findRepositoryFlaws(readTrackedFiles(root)),
  supply: () => {
    const files = readTrackedFiles(root);
    const workspace = files.find(({ path }) => path === 'pnpm-workspace.yaml')?.text ?? '';
    return [...findDependencyFlaws(files), ...findInstalledFlaws(readInstalled(root), readJudgedBuilds(workspace))];
  },
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in STEPS));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}; the steps are ${Object.keys(STEPS).join(', ')}.`);
  process.exit(1);
}

const startedAt = performance.now();
const waiting = Object.entries(STEPS).filter(([name]) => named.length === 0 || named.includes(name));
const failed = [];
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
console.log(
  failed.length === 0
    ? `Everything is in order (${toSeconds(startedAt)}).`
    : `Failed: ${failed.join(', ')} (${toSeconds(startedAt)}).`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, step] = next;
    const from = performance.now();
    const output = typeof step === 'function' ? step().join('\n') : await runCommands(step);
    console.log(`${output === '' ? '✓' : '✗'} ${name.padEnd(10)} ${toSeconds(from)}`);
    if (output === '') continue;
    failed.push(name);
    console.log(output.replaceAll(/^/gm, '  '));
  }
}

/** The output of the first command that fails; empty when all succeed. */
async function runCommands(commands) {
  for (const command of commands) {
    const output = await runCommand(command);
    if (output !== '') return output;
  }
  return '';
}

function runCommand({ command, args, cwd }) {
  const bins = [join(cwd, 'node_modules/.bin'), join(root, 'node_modules/.bin'), process.env.PATH];
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: bins.join(':') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve(`${command} did not start: ${error.message}`));
    child.on('close', (code) => resolve(code === 0 ? '' : output.trim() || `${command} ended with ${code}`));
  });
}

function toSeconds(from) {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
