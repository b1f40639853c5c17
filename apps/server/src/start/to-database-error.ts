import { CliError } from '../cli/cli-error.ts';

/** What kept a database from being opened, in one line without its password. */
export function toDatabaseError(url: string, error: unknown): CliError {
  const { host, pathname } = new URL(url);
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CliError(`PostgreSQL at ${host}${pathname} cannot be used: ${why} (see DATABASE_URL)`, { cause: error });
}
