import type { SourceFile } from './find-violations.ts';

/** One version and no range, of the package itself or of the one it is an alias of. */
const EXACT = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.-]+)?$/;
const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Where what is installed could come from elsewhere than the registry, or change without a diff. */
export function findDependencyFlaws(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [...findManifestFlaws(file), ...findCatalogFlaws(file), ...findOriginFlaws(file)]);
}

function findManifestFlaws({ path, text }: SourceFile): string[] {
  if (!/(?:^|\/)package\.json$/.test(path)) return [];
  const manifest = JSON.parse(text) as Partial<Record<(typeof FIELDS)[number], Record<string, string>>>;
  return FIELDS.flatMap((field) => Object.entries(manifest[field] ?? {}))
    .filter(([, version]) => version !== 'catalog:' && version !== 'workspace:*')
    .map(
      ([name, version]) => `${path} asks for ${name} ${version}: write "catalog:", and the version into the catalog.`,
    );
}

function findCatalogFlaws({ path, text }: SourceFile): string[] {
  if (path !== 'pnpm-workspace.yaml') return [];
  const allowsAnyScript = /^\s*dangerouslyAllowAllBuilds:\s*true/m.test(text);
  return [
    ...readSection(text, 'catalog')
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `${path} has ${name} ${version} in its catalog: name one version exactly.`),
    ...(allowsAnyScript ? [`${path} lets every package run scripts as it is installed: name those that must.`] : []),
  ];
}

/** An address, a repository or a folder in place of what the registry has under a name, a version and a sum. */
function findOriginFlaws({ path, text }: SourceFile): string[] {
  if (path !== 'pnpm-lock.yaml') return [];
  const resolutions = [...text.matchAll(/^ {2}(\S+):\n {4}resolution: (.*)$/gm)];
  return resolutions
    .filter(([, , resolution = '']) => !/^\{integrity: sha512-[\w+/]+=*\}$/.test(resolution))
    .map(([, name, resolution]) => `${path} takes ${name} from ${resolution}: use a version of the registry.`);
}

/** The packages whose scripts it was decided about: they may run as they are installed, or may not. */
export function readJudgedBuilds(workspace: string): ReadonlySet<string> {
  return new Set(readSection(workspace, 'allowBuilds').map(([name]) => name));
}

/** The entries of a flat section of YAML. */
function readSection(yaml: string, name: string): [key: string, value: string][] {
  const lines = yaml.split('\n');
  const begin = lines.indexOf(`${name}:`) + 1;
  if (begin === 0) return [];
  const length = lines.slice(begin).findIndex((line) => /^\S/.test(line));
  return lines.slice(begin, length === -1 ? undefined : begin + length).flatMap((line) => {
    const [, key = '', value = ''] = /^ +"?([^"\s]+?)"?: (\S+)$/.exec(line) ?? [];
    return key === '' ? [] : [[key, value] as [string, string]];
  });
}
