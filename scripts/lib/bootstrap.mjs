import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BootstrapError, fetchTools, findInstalledPnpm, findRunningNode, withNodeFirst } from './toolchain.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What the last install was made from and with; gone with node_modules. */
const STATE_FILE = join(ROOT, 'node_modules/.tidemark-bootstrap.json');

/**
 * Makes sure of a Node that runs Tidemark and of installed dependencies; answers that Node's path.
 * When nothing has changed since the last time, this reads two files and starts no process.
 */
export function bootstrap() {
  const state = readState();
  const fingerprint = fingerprintDependencies();
  const isInstalled = state.fingerprint === fingerprint;
  const node = findRunningNode() ?? existing(state.node);
  if (node !== undefined && isInstalled) return node;

  const pnpm = isInstalled ? state.pnpm : (existing(state.pnpm) ?? findInstalledPnpm());
  const lacking = { node: node === undefined, pnpm: !isInstalled && pnpm === undefined };
  const tools = { node, pnpm, ...(lacking.node || lacking.pnpm ? fetchTools(lacking) : {}) };
  if (!isInstalled) install(tools);
  writeFileSync(STATE_FILE, `${JSON.stringify({ fingerprint, ...tools })}\n`);
  return tools.node;
}

function install({ node, pnpm }) {
  console.log('Installing dependencies.');
  // A node_modules of another pnpm is replaced without a question.
  const args = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
  // Progress is for people; a log needs pnpm's words only when something is wrong.
  const stdio = process.stdout.isTTY ? 'inherit' : 'pipe';
  const { status, error, stdout, stderr } = spawnSync(pnpm, args, {
    cwd: ROOT,
    stdio,
    env: withNodeFirst(node),
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) throw new BootstrapError(`pnpm cannot run: ${error.message}`);
  if (status === 0) return;
  for (const output of [stdout, stderr]) if (output !== null) process.stderr.write(output);
  throw new BootstrapError('The dependencies could not be installed; pnpm says why above.');
}

/** Changes when an install could bring something new. */
function fingerprintDependencies() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

function readState() {
  try {
    return JSON.parse(readFileSync(STATE_FILE, 'utf8'));
  } catch {
    return {};
  }
}

function existing(path) {
  return path !== undefined && existsSync(path) ? path : undefined;
}
