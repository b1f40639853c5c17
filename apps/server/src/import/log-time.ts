const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LOG_TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;

/** Reads times like `parseLogTime`; in a log, most lines have the time of the line before. */
export function createLogTimeReader(): (text: string) => number | undefined {
  let last = '';
  let lastMs: number | undefined;
  return (text) => {
    if (text !== last) {
      last = text;
      lastMs = parseLogTime(text);
    }
    return lastMs;
  };
}

/** `17/May/2015:10:05:03 +0000` as epoch milliseconds; undefined where it names no instant since 1970. */
export function parseLogTime(text: string): number | undefined {
  const match = LOG_TIME.exec(text);
  if (match === null) return undefined;
  const [day, year, hour, minute, second] = [match[1], match[3], match[4], match[5], match[6]].map(Number) as Five;
  const month = MONTHS.indexOf(match[2] ?? '');
  const local = new Date(Date.UTC(year, month, day, hour, minute, second));
  // Date rolls 31 February or 25 o'clock over into another day; a log that says so is broken.
  if (month < 0 || local.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  const offsetMinutes = Number(match[8]) * 60 + Number(match[9]);
  const epochMs = local.getTime() - (match[7] === '-' ? -1 : 1) * offsetMinutes * 60_000;
  return year >= 1970 && epochMs >= 0 ? epochMs : undefined;
}

type Five = [number, number, number, number, number];
