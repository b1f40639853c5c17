import type { SourceFile } from './find-violations.ts';

/** Folders that exist on someone's machine alone. */
const MACHINE_PATH = /(?<![\w.~@/-])\/(?:home|Users|root|work|workspaces?|opt|mnt)\/[\w.-]+/;

/** What must not be committed: two copies of tRPC, addresses of registries, paths of one machine. */
export function findRepositoryFlaws(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [...findLockfileFlaws(file), ...findRegistryFlaws(file), ...findMachinePaths(file)]);
}

/** Two copies of @trpc/server break `tracked()` in development alone, where nothing else notices. */
function findLockfileFlaws({ path, text }: SourceFile): string[] {
  if (path !== 'pnpm-lock.yaml') return [];
  const snapshots = text.slice(text.indexOf('\nsnapshots:'));
  const variants = [...snapshots.matchAll(/^ {2}'(@trpc\/server@[^']*)':/gm)].map((match) => match[1]);
  if (variants.length <= 1) return [];
  return [`${path} holds ${variants.join(' and ')}: declare typescript in the root package.json alone, and reinstall.`];
}

function findRegistryFlaws({ path, text }: SourceFile): string[] {
  if (path !== 'pnpm-lock.yaml' && !/(?:^|\/)\.npmrc$/.test(path)) return [];
  const line = text.split('\n').findIndex((each) => /https?:\/\/|\bregistry\s*=/.test(each)) + 1;
  return line === 0 ? [] : [`${path}:${line} names a registry: take it out, so that everyone's own settings apply.`];
}

function findMachinePaths({ path, text }: SourceFile): string[] {
  return text.split('\n').flatMap((line, index) => {
    const found = MACHINE_PATH.exec(line)?.[0];
    return found === undefined ? [] : [`${path}:${index + 1} names ${found}: use a path relative to the repository.`];
  });
}
