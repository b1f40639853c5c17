import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package as it lies in node_modules. */
export type InstalledPackage = {
  readonly name: string;
  readonly version: string;
  /** As an SPDX expression; `unknown` where the package does not say. */
  readonly licence: string;
  /** Those of its scripts that would run as it is installed. */
  readonly scripts: readonly string[];
};

type Manifest = { name: string; version: string; license?: string; scripts?: Record<string, string> };

const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];

/** What the lockfile names and this machine has; other machines have other binaries of the same packages. */
export function readInstalled(root: string): InstalledPackage[] {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
  const locked = new Set([...lockfile.matchAll(/^ {2}'?([^\s']+@[^\s':]+)'?:$/gm)].map(([, key]) => key));
  const manifests = globSync('node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json', { cwd: root });
  const found = new Map<string, InstalledPackage>();
  for (const path of manifests) {
    const folder = join(root, dirname(path));
    // The others are links to packages that are found where they lie.
    if (realpathSync(folder) !== folder) continue;
    const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
    const key = `${manifest.name}@${manifest.version}`;
    if (locked.has(key)) found.set(key, toInstalled(folder, manifest));
  }
  return [...found.values()];
}

function toInstalled(folder: string, { name, version, license, scripts = {} }: Manifest): InstalledPackage {
  return {
    name,
    version,
    licence: license ?? readLicence(folder),
    scripts: INSTALL_SCRIPTS.filter((script) => script in scripts),
  };
}

/** Some packages forget the field and bring the text alone. */
function readLicence(folder: string): string {
  const path = join(folder, 'LICENSE');
  return existsSync(path) && /^(?:The )?MIT License/.test(readFileSync(path, 'utf8')) ? 'MIT' : 'unknown';
}
