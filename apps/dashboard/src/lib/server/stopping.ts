const controller = new AbortController();

/** Aborts when the process is asked to stop: an open stream would otherwise hold the server up. */
export const stopping = controller.signal;

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => controller.abort());
