import type { Tidemark } from '@tidemark/client';
import type { Health } from '@tidemark/schemas';
import { openStream } from '../live/connect.ts';
import { LiveConnection } from '../live/live-connection.svelte.ts';

/** Ten minutes of a message every five seconds. */
const MAX_HISTORY = 120;

/** What the page got when it was made, and whom it asks for more. */
type Asked = { readonly tidemark: Promise<Tidemark>; readonly health: Health | null };

/** The server's health, kept current, with its last minutes. */
export class LiveHealth {
  readonly connection: LiveConnection<Health>;
  readonly #asked: () => Asked;
  #newer = $state.raw<{ than: Health | null; health: Health }>();
  #history = $state.raw<readonly Health[]>([]);

  constructor(asked: () => Asked) {
    this.#asked = asked;
    this.connection = new LiveConnection((handlers) => {
      const { tidemark, health: than } = asked();
      const open = (client: Tidemark) =>
        client.admin.watchHealth.subscribe(undefined, {
          ...handlers,
          onData: (health) => {
            this.#newer = { than, health };
            this.#history = [...this.#history, health].slice(-MAX_HISTORY);
            handlers.onData(health);
          },
        });
      return openStream(tidemark, open, handlers.onError);
    });
  }

  get health(): Health | null {
    const { health } = this.#asked();
    return this.#newer !== undefined && this.#newer.than === health ? this.#newer.health : health;
  }

  /** One number of each of the last messages, oldest first; what was not known then is left out. */
  history(measure: (health: Health) => number | null | undefined): number[] {
    return this.#history.map(measure).filter((value) => value != null);
  }

  /** Another tenant's minutes are none of this one's. */
  watch(): () => void {
    this.#history = [];
    return this.connection.watch();
  }
}
