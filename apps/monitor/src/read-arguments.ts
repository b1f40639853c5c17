import { type BreakdownBy, INTERVALS, type IntervalChoice, LAST_RANGES, type LastRange } from '@tidemark/schemas';
import { Command, InvalidArgumentError, Option } from 'commander';
import { VIEWS, type ViewName } from './place/place.ts';

export type Arguments = {
  readonly url?: string;
  readonly key?: string;
  /** The slug or the id of the tenant to show first. */
  readonly tenant?: string;
  readonly view: ViewName;
  readonly range: LastRange;
  readonly interval: IntervalChoice;
  /** As it is typed after `/`. */
  readonly filter: string;
  /** What the breakdown ranks by. */
  readonly by: BreakdownBy;
  readonly dashboard?: string;
  readonly once?: true;
  readonly json?: true;
};

const NOTES = `
Without flags it connects to the server of this machine, by the credentials that npm start
writes to .tidemark/credentials.json. Flags come before TIDEMARK_URL and TIDEMARK_KEY, and those
before the file. A key is safer in TIDEMARK_KEY than on the command line, where others see it.

Examples:
  npm run monitor
  npm run monitor -- --tenant acme --range 7d
  npm run monitor -- --view events --filter 'signup plan=pro'
  npm run monitor -- --once --view system
  npm run monitor -- --view events --json | jq .type
  npm run monitor -- --json | jq .summary.totals

Exit codes: 0 done, 1 failed (no server, a refused key, a wrong flag).`;

/** Reads the command line; prints help or what is wrong with it, and exits, when that is the answer. */
export function readArguments(argv: readonly string[]): Arguments {
  return new Command('monitor')
    .description('Watches a Tidemark server live in the terminal.')
    .option('--url <url>', "the API's address")
    .option('--key <key>', 'an API key that may read analytics')
    .option('--tenant <slug>', 'the tenant to show first, by slug or id')
    .addOption(new Option('--range <range>', 'what to show first').choices(LAST_RANGES).default('24h'))
    .addOption(new Option('--view <view>', 'which view to open').choices(VIEWS).default('overview'))
    .addOption(
      new Option('--interval <interval>', 'how long a bucket is').choices(['auto', ...INTERVALS]).default('auto'),
    )
    .option('--filter <terms>', 'only some events: signup device=mobile user=ada plan=pro', '')
    .option('--by <dimension>', 'what the breakdown ranks: type, device, user or property:<path>', toBy, 'type')
    .option('--dashboard <url>', "the dashboard's address, for the key o")
    .option('--once', 'print the view as plain text and end; so it is without a terminal')
    .option('--json', 'print the view as a JSON document and end; events without --once go on, one a line')
    .addHelpText('after', NOTES)
    .showHelpAfterError('Give --help for all flags.')
    .parse([...argv], { from: 'user' })
    .opts<Arguments>();
}

function toBy(text: string): BreakdownBy {
  if (/^(?:type|device|user|property:.+)$/.test(text)) return text as BreakdownBy;
  throw new InvalidArgumentError('It must be type, device, user or property:<path>, for example property:plan.');
}
