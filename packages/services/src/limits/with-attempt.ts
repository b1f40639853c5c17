import type { RawContext } from '../context.ts';

type Caller = Pick<RawContext, 'resources' | 'address'>;
type Credential<Found> = { readonly isKnown: boolean; readonly attempt: () => Promise<Found | undefined> };

/** Looks a credential up for whoever calls from an address, and charges the address where it is none. */
export async function withAttempt<Found>(
  caller: Caller,
  { isKnown, attempt }: Credential<Found>,
): Promise<Found | undefined> {
  const { resources, address } = caller;
  // A known key gets in whatever else its address has tried: others may share it.
  if (address === undefined || isKnown) return await charged(caller, attempt);
  // A few at a time: a thousand at once would all be looked up before the first of them is charged.
  return await resources.attemptTurns.run(address, async () => {
    resources.limits.assertAttempts(address);
    return await charged(caller, attempt);
  });
}

/** Charges the address of whoever sends what cannot be read without a key. Throws `rate_limited` where it has none left. */
export async function chargeAttempt({ resources: { limits }, address }: Caller): Promise<void> {
  if (address !== undefined) await limits.chargeAttempt(address);
}

async function charged<Found>(caller: Caller, attempt: () => Promise<Found | undefined>): Promise<Found | undefined> {
  const found = await attempt();
  if (found === undefined) await chargeAttempt(caller);
  return found;
}
