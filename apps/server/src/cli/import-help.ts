import { REQUEST_TYPES } from '../import/to-request-event.ts';

/** What `tidemark import --help` says below the options. */
export const IMPORT_HELP = `
Formats:
  combined   Combined or Common Log Format, as Apache and nginx write it (*.log). Each request becomes an
             event of the client's address, with method, path, query, status, bytes, referrer and agent
             as properties, the device by the agent, and a type:
${Object.entries(REQUEST_TYPES)
  .map(([type, meaning]) => `               ${type.padEnd(10)} ${meaning}`)
  .join('\n')}
  ndjson     One event per line as events.ingest takes it, or as it is exported (*.ndjson, *.jsonl).
  csv        The same with a header of field names, properties as JSON (*.csv). An apostrophe at the beginning of
             a field, which guards formulas in an export, is taken off.

Importing again is safe. An event without an id gets one from its line and how often that line came before
in this import: identical lines are distinct requests, and a second import, or one of a log that has grown
since, adds only what is new. Name the pieces of one log together, so that a line on both sides of a cut
counts twice.

Exit codes:
  0    everything readable is stored; broken lines are counted and shown
  1    could not start, or ended early: no server, no permission, no such file
  2    the command line made no sense
  3    ended, but the server rejected events, a file broke off, or no line could be read
  130  interrupted; run it again to go on

Examples:
  tidemark import access.log --tenant acme
  tidemark import /var/log/nginx/access.log* --format combined --tenant acme
  zcat old.gz | tidemark import - --format combined --tenant acme --create-tenant
  tidemark import events.ndjson --url https://events.example.com --key "$KEY" --json
`;
