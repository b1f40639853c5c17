import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Most of a check is parsing, and all of them read nearly the same files. */
const PARSED = new Map<string, ts.SourceFile>();

export type CheckedConsumer = {
  readonly errors: readonly string[];
  /** How many types the compiler had to put together for this file: what makes an editor slow. */
  readonly instantiations: number;
};

/** Type-checks one file as the repository would, by its path from the root, with some files' texts replaced. */
export function checkConsumer(path: string, replaced: Readonly<Record<string, string>> = {}): CheckedConsumer {
  const consumer = `${ROOT}${path}`;
  const texts = new Map(Object.entries(replaced).map(([name, text]) => [`${ROOT}${name}`, text]));
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [consumer] }, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = texts.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, languageVersion);
    const parsed = PARSED.get(name) ?? getSourceFile(name, languageVersion, ...rest);
    if (parsed !== undefined) PARSED.set(name, parsed);
    return parsed;
  };
  const program = ts.createProgram({ rootNames: [consumer], options, host });
  const errors = program
    .getSemanticDiagnostics(program.getSourceFile(consumer))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  return { errors, instantiations: program.getInstantiationCount() };
}
