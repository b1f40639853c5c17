/** What several senders got done at once. */
export type Sent = {
  /** Events, or requests, that were acknowledged. */
  readonly count: number;
  /** From the first that was sent to the last acknowledgement. */
  readonly seconds: number;
  /** How long each batch or request took, in ms. */
  readonly latencies: readonly number[];
};

/** Runs `send` in `senders` loops, each with one batch under way, for a while; what was begun is finished. */
export async function sendFor(ms: number, senders: number, send: (sender: number) => Promise<number>): Promise<Sent> {
  const startedAt = performance.now();
  let count = 0;
  const latencies: number[] = [];
  const loop = async (sender: number) => {
    while (performance.now() - startedAt < ms) {
      const sentAt = performance.now();
      const sent = await send(sender);
      count += sent;
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: senders }, (_, sender) => loop(sender)));
  return { count, seconds: (performance.now() - startedAt) / 1_000, latencies };
}
