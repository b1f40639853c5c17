import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CONSUMER = `${ROOT}packages/client/examples/query-summary.ts`;
const SUMMARY = `${ROOT}packages/schemas/src/summary.ts`;

/** Most of a check is parsing, and both checks read nearly the same files. */
const PARSED = new Map<string, ts.SourceFile>();

/** Type-checks the consumer as the repository would, with some files' texts replaced. */
function errorsOfConsumer(replaced: Record<string, string> = {}): string[] {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [CONSUMER] }, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = replaced[path];
    if (text !== undefined) return ts.createSourceFile(path, text, languageVersion);
    const parsed = PARSED.get(path) ?? getSourceFile(path, languageVersion, ...rest);
    if (parsed !== undefined) PARSED.set(path, parsed);
    return parsed;
  };
  const program = ts.createProgram({ rootNames: [CONSUMER], options, host });
  return program
    .getSemanticDiagnostics(program.getSourceFile(CONSUMER))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('renaming an output field breaks the compilation of who reads it', { timeout: 120_000 }, () => {
  const summary = readFileSync(SUMMARY, 'utf8');
  const renamed = summary.replace(
    /totalsSchema = z\.object\(\{\n {2}events:/,
    'totalsSchema = z.object({\n  eventCount:',
  );
  expect(renamed).not.toBe(summary);
  expect(errorsOfConsumer()).toEqual([]);
  expect(errorsOfConsumer({ [SUMMARY]: renamed })).toContainEqual(
    expect.stringContaining("Property 'events' does not exist on type '{ eventCount: number;"),
  );
});
