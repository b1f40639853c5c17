/**
 * Steps done one after the other, each in a task of its own, so that a key or a click waits for one of them and not for
 * all. A step that has not had its turn gives it to a newer one of its name.
 */
export class Turns {
  readonly #waiting = new Map<string, () => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  take(name: string, step: () => void): void {
    this.#waiting.set(name, step);
    this.#timer ??= setTimeout(() => this.#next());
  }

  /** Forgets what waits. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  #next(): void {
    this.#timer = undefined;
    for (const [name, step] of this.#waiting) {
      this.#waiting.delete(name);
      if (this.#waiting.size > 0) this.#timer = setTimeout(() => this.#next());
      step();
      return;
    }
  }
}
