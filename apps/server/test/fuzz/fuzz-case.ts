import type { ErrorCode, ErrorData } from '@tidemark/schemas';
import type { z } from 'zod';
import type { HttpCaller } from '../contract/http-caller.ts';
import { ask, listen } from './ask.ts';
import type { FuzzLane } from './fuzz-lane.ts';

/** What became of one input. */
export type Outcome =
  | { readonly refusal: ErrorData }
  /** Whether the answer was held against brute force, and not only against its shape. */
  | { readonly refusal?: undefined; readonly isCompared: boolean };

/** How one procedure is tried. */
export type FuzzCase = {
  /** How often, relative to the others. */
  readonly weight: number;
  /** Why an input that the schema accepts may be refused all the same. */
  readonly refusals: readonly ErrorCode[];
  /** Whether some of its inputs are answered, which is then compared. */
  readonly isAnswered: boolean;
  readonly run: (lane: FuzzLane, path: string, input: unknown, isValid: boolean) => Promise<Outcome>;
};

type Common<Input, Data> = {
  readonly weight?: number;
  /** Puts what exists in place of a name that nobody guesses, in some of the inputs that the schema accepts. */
  readonly prepare?: (lane: FuzzLane, input: Input) => Promise<Input>;
  readonly refusals?: readonly ErrorCode[];
  /** Who calls. Default: an admin of the tenant that is only asked. */
  readonly caller?: (lane: FuzzLane) => HttpCaller;
  readonly output: z.ZodType<Data>;
};

type CallOptions<Input, Data, Before> = Common<Input, Data> & {
  readonly isQuery?: boolean;
  /** Looks at the state before the call. */
  readonly before?: (lane: FuzzLane, input: Input) => Promise<Before>;
  /** Fails unless the answer is what brute force says; false where there was nothing to compare. */
  readonly compare: ((lane: FuzzLane, input: Input, data: Data, before: Before) => Promise<boolean>) | AlwaysRefused;
};

/** For what must never be answered here, so that there is nothing to compare. */
export type AlwaysRefused = 'always refused';

export function callCase<Input, Data, Before = undefined>(options: CallOptions<Input, Data, Before>): FuzzCase {
  const { weight = 1, refusals = [], caller = asFacts, output, isQuery = false, before, compare, prepare } = options;
  return {
    weight,
    refusals,
    isAnswered: compare !== 'always refused',
    async run(lane, path, generated, isValid) {
      const input = await prepared(prepare, lane, generated, isValid);
      const seen = (await before?.(lane, input as Input)) as Before;
      const { data, refusal } = await ask(caller(lane), { path, isQuery, output }, input);
      if (refusal !== undefined) return { refusal };
      if (compare === 'always refused') throw new Error(`${path} answered what is never to be answered here`);
      return { isCompared: await compare(lane, input as Input, data, seen) };
    },
  };
}

type StreamOptions<Input, Message> = Common<Input, Message> & {
  /** Whether a message or more are enough. Default: one is. */
  readonly isEnough?: (heard: readonly Message[], input: Input) => boolean;
  readonly compare: ((lane: FuzzLane, input: Input, heard: Message[]) => Promise<boolean>) | AlwaysRefused;
};

export function streamCase<Input, Message>(options: StreamOptions<Input, Message>): FuzzCase {
  const { weight = 1, refusals = [], caller = asFacts, output, compare, prepare } = options;
  const { isEnough = () => true } = options;
  return {
    weight,
    refusals,
    isAnswered: compare !== 'always refused',
    async run(lane, path, generated, isValid) {
      const input = await prepared(prepare, lane, generated, isValid);
      const until = {
        output,
        isEnough: (heard: readonly Message[]) => heard.length > 0 && isEnough(heard, input as Input),
      };
      const { data, refusal } = await listen(caller(lane), path, input, until);
      if (refusal !== undefined) return { refusal };
      if (compare === 'always refused') throw new Error(`${path} answered what is never to be answered here`);
      return { isCompared: await compare(lane, input as Input, data) };
    },
  };
}

function asFacts({ facts }: FuzzLane): HttpCaller {
  return facts.admin;
}

async function prepared<Input>(
  prepare: Common<Input, unknown>['prepare'],
  lane: FuzzLane,
  input: unknown,
  isValid: boolean,
): Promise<unknown> {
  return prepare === undefined || !isValid ? input : await prepare(lane, input as Input);
}
