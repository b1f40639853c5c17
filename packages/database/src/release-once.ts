import type pg from 'pg';

/** Gives a connection back once: at the end, or before it where the work on it is given up. */
export function releaseOnce(client: pg.PoolClient): (isBroken: boolean) => void {
  let isReleased = false;
  return (isBroken) => {
    if (isReleased) return;
    isReleased = true;
    client.release(isBroken);
  };
}
