import type { Verdict } from './report/verdict.ts';

/** A benchmark: what it measures, which options it takes, and how it runs. */
export type Bench = {
  /** One line for the list. */
  readonly title: string;
  /** Options by name with their defaults, given on the command line as `--name value`. */
  readonly options: Readonly<Record<string, string>>;
  /** Measures ours and what it is held against side by side; databases come from `databaseResource()` and are dropped. */
  run(context: BenchContext): Promise<Verdict[]>;
};

export type BenchContext = {
  /** Every option of the benchmark, as given or by default. */
  readonly options: Readonly<Record<string, string>>;
  /** Prints a line at once. */
  readonly print: (line: string) => void;
};

/** A list of whole numbers, such as `--events 1000000,10000000`. */
export function toNumbers(option: string | undefined): number[] {
  const numbers = (option ?? '').split(',').map((part) => Number(part.replaceAll('_', '')));
  if (numbers.length === 0 || numbers.some((number) => !Number.isFinite(number) || number < 0)) {
    throw new RangeError(`${option} is not a list of numbers, such as 1000000,10000000`);
  }
  return numbers;
}

/** One whole number. */
export function toNumber(option: string | undefined): number {
  const [number = 0] = toNumbers(option);
  return number;
}
