import { useEffect, useState } from 'react';
import { everySecond } from './every-second.ts';

/** The time, read anew every second, for what is said in "seconds ago". */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => everySecond(() => setNow(Date.now())), []);
  return now;
}
