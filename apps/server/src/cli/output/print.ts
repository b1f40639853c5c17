import { Option } from 'commander';
import type { Table } from './table.ts';
import { toCsv } from './to-csv.ts';
import { toTable } from './to-table.ts';

export type ListFormat = 'table' | 'json' | 'csv';
export type TextFormat = 'text' | 'json';

/** `--format`, and `--json` for short. */
export function formatOptions(choices: readonly [string, ...string[]]): Option[] {
  return [
    new Option('--format <format>', 'how to print it').choices(choices).default(choices[0]),
    new Option('--json', 'the same as --format json').implies({ format: 'json' }),
  ];
}

export function print(text: string): void {
  process.stdout.write(text);
}

export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, null, 2)}\n`);
}

/** One value a line, for streams. */
export function printNdjson(value: unknown): void {
  print(`${JSON.stringify(value)}\n`);
}

/** A list: `value` itself as JSON, its table for people and spreadsheets. */
export function printList(format: ListFormat, value: unknown, table: Table): void {
  if (format === 'json') printJson(value);
  else print(format === 'csv' ? toCsv(table) : toTable(table));
}

/** What is about the output and not in it. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
