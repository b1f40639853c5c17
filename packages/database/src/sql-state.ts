import { UnstorableValueError } from './binary-array.ts';

/** What a database error means for whoever asked, decided by SQLSTATE alone (names differ on Citus). */
export type Fault =
  /** The data itself cannot be stored: asking again fails again. */
  | 'data'
  /** A partition that does not exist yet. */
  | 'no_partition'
  /** Lost a race or a connection: asking again may succeed, and every write here can be asked again. */
  | 'transient'
  /** Took longer than its timeout. */
  | 'timeout'
  /** Others held every connection for as long as one is waited for: it says nothing of the database. */
  | 'crowded'
  | 'unknown';

/** What Node says where a host, a route to it or the server there is gone. */
const CONNECTION_ERRORS: ReadonlySet<string> = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);
/**
 * node-postgres tells these apart by their words alone. An answer to a question that was given up is unexpected; the
 * connection it comes from is of no more use.
 */
const CONNECTION_MESSAGES =
  /Connection terminated|timeout expired|Query read timeout|Client has encountered a connection error|not queryable|Received unexpected \w+ message from backend/;

/** pg-pool's words for a wait in the queue of a pool that is full; where a connection cannot be made it has others. */
const FULL_POOL_MESSAGE = 'timeout exceeded when trying to connect';

/** Whether an error says that the database cannot be reached, rather than what became of one transaction. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^(?:08...|57P0[123]|53300)$/.test(code) || CONNECTION_ERRORS.has(code) || hasLostConnection(error);
}

/** Whether a database is there and says that it is starting, or recovering from a crash. */
export function isStarting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57P03';
}

export function toFault(error: unknown): Fault {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof UnstorableValueError) return 'data';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === '23514' && error.message.startsWith('no partition of relation')) return 'no_partition';
  if (error.message === FULL_POOL_MESSAGE) return 'crowded';
  if (code === '57014' || code === '55P03') return 'timeout';
  // 25006: a server that has just been demoted reads on, and another takes its writes. 25P02: a statement that was sent
  // at the same time has failed, and what this one would have said is not known.
  if (/^(?:40001|40P01|08...|57P0.|53...|25P0[23]|25006)$/.test(code)) return 'transient';
  if (/^2[23]...$/.test(code)) return 'data';
  if (CONNECTION_ERRORS.has(code) || hasLostConnection(error)) return 'transient';
  return 'unknown';
}

function hasLostConnection({ message }: Error): boolean {
  return CONNECTION_MESSAGES.test(message);
}
