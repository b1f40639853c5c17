/** Timers may fire a little early: this close to a second it is the one that was waited for. */
const EARLY_MS = 50;

/**
 * Calls on each full second of the clock. What is told once a second is told at the same moment everywhere, and drawn at
 * once: drawing is what a monitor costs.
 */
export function everySecond(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    const restMs = 1_000 - (Date.now() % 1_000);
    timer = setTimeout(
      () => {
        wait();
        call();
      },
      restMs < EARLY_MS ? restMs + 1_000 : restMs,
    );
  };
  wait();
  return () => clearTimeout(timer);
}
