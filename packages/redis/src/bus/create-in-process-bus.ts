import type { ControlNotice } from '@tidemark/schemas';
import type { Bus } from './bus.ts';
import { Listeners } from './listeners.ts';
import { TenantListeners } from './tenant-listeners.ts';

export type InProcessBusOptions = {
  /** Told of listeners that threw. */
  readonly onError?: (error: unknown) => void;
};

/** The bus of a server without Redis: its own listeners hear of its own commits. */
export function createInProcessBus({ onError = () => {} }: InProcessBusOptions = {}): Bus {
  const listeners = new TenantListeners(onError);
  const controls = new Listeners<ControlNotice>(onError);
  let isOpen = true;
  const close = async () => {
    isOpen = false;
    listeners.clear();
    controls.clear();
  };
  return {
    connectionState: 'in-process',
    publish: (notice) => listeners.deliver(notice),
    subscribe(tenantId, listener) {
      const leave = isOpen ? listeners.add(tenantId, listener) : () => {};
      return { ready: Promise.resolve(), unsubscribe: leave };
    },
    announce: (notice) => controls.deliver(notice),
    onControl(listener) {
      const leave = isOpen ? controls.add(listener) : () => {};
      return { ready: Promise.resolve(), unsubscribe: leave };
    },
    onReconnect: () => ({ unsubscribe: () => {} }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
