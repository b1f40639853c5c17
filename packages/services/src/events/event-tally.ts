/** Events and users of one bucket, type and device; `at` is the bucket's start in epoch ms. */
export type Cell = {
  readonly at: number;
  readonly typeId: number;
  readonly device: number;
  events: number;
  readonly ordinals: Set<number>;
};

/** More than the ids of types and the codes of devices there can be. */
const TYPES = 2 ** 15;
const DEVICES = 2 ** 4;

/** Cells by bucket, type and device. Their key is one number, since each event of a batch looks one up. */
export class EventTally {
  readonly #stepMs: number;
  readonly #cells = new Map<number, Cell>();

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  /** The cell that an instant (epoch ms) belongs to, made where it is new. */
  cellOf(instant: number, typeId: number, device: number): Cell {
    const bucket = Math.floor(instant / this.#stepMs);
    const key = (bucket * TYPES + typeId) * DEVICES + device;
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const cell = { at: bucket * this.#stepMs, typeId, device, events: 0, ordinals: new Set<number>() };
    this.#cells.set(key, cell);
    return cell;
  }

  /** By bucket, type and device. */
  toSorted(): Cell[] {
    return [...this.#cells].sort(([one], [other]) => one - other).map(([, cell]) => cell);
  }
}
