import type { RawContext } from '../context.ts';

/** Looks a credential up for whoever calls from an address, and charges the address where it is none. */
export async function withAttempt<Found>(
  { resources: { limits }, address }: Pick<RawContext, 'resources' | 'address'>,
  { isKnown, attempt }: { isKnown: boolean; attempt: () => Promise<Found | undefined> },
): Promise<Found | undefined> {
  // A known key gets in whatever else its address has tried: others may share it.
  if (address !== undefined && !isKnown) limits.assertAttempts(address);
  const found = await attempt();
  if (found === undefined && address !== undefined) await limits.chargeAttempt(address);
  return found;
}
