import { toTidemarkError } from '@tidemark/client';
import { CliError, EXIT, type ExitCode } from './cli-error.ts';

/** A failed call in one line: what is wrong, and what to do next. `exitCode` is what failing ends with. */
export function toCliError(error: unknown, url: string, exitCode: ExitCode = EXIT.failed): CliError {
  if (error instanceof CliError) {
    return error.exitCode === EXIT.failed ? new CliError(error.message, { cause: error, exitCode }) : error;
  }
  const { code, httpStatus, requestId, ...told } = toTidemarkError(error);
  const reason = told.reason.replace(/\.$/, '');
  const tell = (message: string, code: ExitCode = exitCode) => new CliError(message, { cause: error, exitCode: code });
  if (httpStatus === 0 && code === 'unavailable') {
    return tell(`there is no server at ${url}: start one with npm start, or name another with --url.`);
  }
  if (code === 'unauthenticated') return tell(`${reason} (${code}): give another key with --key or TIDEMARK_KEY.`);
  if (code === 'forbidden') return tell(`${reason} (${code}): use a key that may, such as a platform key.`);
  if (code === 'invalid_input') return tell(`${reason} (${code}): see --help.`, EXIT.usage);
  return tell(`${reason} (${code}${requestId === null ? '' : `, request ${requestId}`})`);
}
