/** Tells whoever listens that something about this server has changed. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  tell(): void {
    for (const listen of this.#listeners) listen();
  }

  subscribe(listen: () => void): { unsubscribe(): void } {
    this.#listeners.add(listen);
    return { unsubscribe: () => this.#listeners.delete(listen) };
  }
}
