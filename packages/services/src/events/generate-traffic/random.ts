/** A stream of pseudo-random numbers: the same seed gives the same stream on every machine. */
export type Random = {
  /** The next number in [0, 1). */
  next(): number;
};

/**
 * sfc32, Chris Doty-Humphrey's small fast counter generator (PractRand, public domain): 128 bits of
 * state, passes BigCrush. Not for secrets.
 */
export function createRandom(seed: string): Random {
  let [a, b, c, counter] = toWords(seed);
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 12; round += 1) next();
  return { next };
}

/** Four 32-bit words of a text: four FNV-1a sums, each finished with MurmurHash3's mixer. */
export function toWords(text: string): [number, number, number, number] {
  const sum = (basis: number) => {
    let hash = basis;
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
    }
    return mixWord(hash ^ text.length);
  };
  return [sum(0x811c_9dc5), sum(0x1b87_3593), sum(0x85eb_ca6b), sum(0xc2b2_ae35)];
}

/** MurmurHash3's 32-bit finalizer: a bijection, so different words stay different. */
export function mixWord(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

export function happens(random: Random, probability: number): boolean {
  return random.next() < probability;
}

/** A whole number in [0, below). */
export function drawIndex(random: Random, below: number): number {
  return Math.floor(random.next() * below);
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[drawIndex(random, items.length)] as Item;
}

/** An item by its weight: `pickWeighted(random, [['mobile', 3], ['desktop', 1]])`. */
export function pickWeighted<Item>(random: Random, items: readonly (readonly [Item, number])[]): Item {
  let rest = random.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [item, weight] of items) {
    rest -= weight;
    if (rest < 0) return item;
  }
  return (items.at(-1) as readonly [Item, number])[0];
}

/** An exponentially distributed number: many small ones, few large. */
export function drawExponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next());
}
