import { mixWord, toWords } from './random.ts';

/**
 * Names the events of one run: the same run and index always give the same UUID (version 8), so that
 * generating twice stores once. Distinct for indexes below 2^32, since the first word is a bijection of the index.
 */
export function createTrafficIds(run: string): (index: number) => string {
  const [first, second, third, fourth] = toWords(run);
  return (index) => {
    const a = hex(mixWord(index ^ first));
    const b = hex(mixWord(mixWord(index ^ second) ^ third));
    const c = hex(mixWord(mixWord(index ^ third) ^ fourth));
    const d = hex(mixWord(mixWord(index ^ fourth) ^ first));
    return `${a}-${b.slice(0, 4)}-8${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
  };
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
