/** How a choice answers a search: 1 where every word of it begins a word of the choice, otherwise 0. */
export function matches(search: string, texts: readonly string[]): number {
  const words = texts.flatMap((text) => toWords(text));
  return toWords(search).every((sought) => words.some((word) => word.startsWith(sought))) ? 1 : 0;
}

function toWords(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}+:-]+/u)
    .filter((word) => word !== '');
}
