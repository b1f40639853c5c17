import { matchesGlob, posix } from 'node:path';
import type { Import } from './find-imports.ts';
import { findImports } from './find-imports.ts';
import type { Layer } from './layers.ts';
import { isTestFile, READS_ENVIRONMENT, toAllowedImports, toClaimedLibraries, toPackageName } from './layers.ts';

/** A file of the tree; the path is from the root, with slashes. */
export type SourceFile = { readonly path: string; readonly text: string };

const ENVIRONMENT = /\bprocess\s*(?:\.\s*env\b|\[\s*['"]env['"]\s*\])|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/;
const ENVIRONMENT_IMPORT = /\bimport\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"](?:node:)?process['"]/;

/** Where the files break the layers, one sentence each: the file, what it does, and what to do instead. */
export function findViolations(files: readonly SourceFile[], layers: readonly Layer[]): string[] {
  return files.flatMap((file) => {
    const layer = layers.find(({ folder }) => file.path.startsWith(`${folder}/`));
    if (layer === undefined) return [];
    const imports = findImports(file.text).flatMap((found) => {
      const remedy = judgeImport(file.path, found, layer, layers);
      return remedy === undefined ? [] : [`${file.path}:${found.line} imports '${found.specifier}': ${remedy}`];
    });
    return [...imports, ...findEnvironmentReads(file)];
  });
}

/** The remedy for a refused import, or undefined where it is allowed. */
function judgeImport(path: string, found: Import, layer: Layer, layers: readonly Layer[]): string | undefined {
  const { specifier } = found;
  if (specifier.startsWith('.')) return judgeRelative(path, specifier, layer, layers);
  if (specifier.startsWith('node:')) return mayUseNode(path, layer) ? undefined : layer.remedy;
  const owner = layers.find((other) => isInside(specifier, toPackageName(other)));
  if (owner !== undefined) return judgePackage(path, found, layer, toPackageName(owner));
  const { libraries } = toAllowedImports(layer, { isTest: isTestFile(path) });
  if (libraries.some((name) => isInside(specifier, name))) return undefined;
  if (layer.libraries !== 'unclaimed') return layer.remedy;
  return toClaimedLibraries(layers).some((name) => isInside(specifier, name)) ? layer.remedy : undefined;
}

function judgePackage(path: string, found: Import, layer: Layer, owner: string): string | undefined {
  const isTest = isTestFile(path);
  const { packages } = toAllowedImports(layer, { isTest });
  if (packages.includes(found.specifier)) {
    const isTypeAlone = !isTest && (layer.usesTypes ?? []).some((name) => found.specifier === `@tidemark/${name}`);
    return isTypeAlone && !found.isTypeOnly ? `use \`import type\` here; ${layer.remedy}` : undefined;
  }
  return packages.includes(owner) ? `import '${owner}', whose index.ts lists what is public.` : layer.remedy;
}

function mayUseNode(path: string, layer: Layer): boolean {
  return layer.runsAnywhereExcept === undefined || isTestFile(path) || layer.runsAnywhereExcept.includes(path);
}

/** Relative imports stay inside the layer, save that tests may use the root's scripts. */
function judgeRelative(path: string, specifier: string, layer: Layer, layers: readonly Layer[]): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  if (isInside(target, layer.folder)) return undefined;
  const owner = layers.find(({ folder }) => isInside(target, folder));
  if (owner !== undefined) return `import '${toPackageName(owner)}' by its name, if this layer may. ${layer.remedy}`;
  return isTestFile(path) ? undefined : `nothing above ${layer.folder} is part of it: move the file inside.`;
}

function findEnvironmentReads({ path, text }: SourceFile): string[] {
  if (READS_ENVIRONMENT.some((glob) => matchesGlob(path, glob))) return [];
  const code = text.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
  const reads = ENVIRONMENT.test(code) || ENVIRONMENT_IMPORT.test(code);
  return reads ? [`${path} reads process.env: read it in apps/*/src/env.ts and pass the value in.`] : [];
}

function isInside(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`);
}
