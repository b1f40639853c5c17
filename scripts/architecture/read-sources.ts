import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { SourceFile } from './find-violations.ts';

const GENERATED = /(?:^|\/)(?:node_modules|build|\.svelte-kit|\.tidemark|coverage)(?:\/|$)/;

/** Every TypeScript and Svelte file of packages and apps, as it is on disk. */
export function readSources(root: string): SourceFile[] {
  const paths = globSync('{packages,apps}/*/**/*.{ts,tsx,mts,js,mjs,svelte}', {
    cwd: root,
    exclude: (path) => GENERATED.test(path.replaceAll(sep, '/')),
  });
  return paths
    .map((path) => ({ path: path.replaceAll(sep, '/'), text: readFileSync(join(root, path), 'utf8') }))
    .toSorted((a, b) => a.path.localeCompare(b.path));
}

/** The folders that hold a package or an app, e.g. `packages/redis`. */
export function readPackageFolders(root: string): string[] {
  return globSync('{packages,apps}/*/package.json', { cwd: root })
    .map((path) => path.replaceAll(sep, '/').replace(/\/package\.json$/, ''))
    .toSorted();
}

const TEXT = /\.(?:[cm]?[jt]sx?|svelte|json|ya?ml|md|css|html|sh|sql|toml)$|(?:^|\/)[^/.]+$|(?:^|\/)\.[^/]+$/;

/** Every text file that git tracks or would add. */
export function readTrackedFiles(root: string): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\0')
    .filter((path) => path !== '' && TEXT.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}
