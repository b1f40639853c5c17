import type { Device } from '@tidemark/schemas';
import Bowser from 'bowser';
import { isbot } from 'isbot';

const PLATFORMS: Readonly<Record<string, Device>> = {
  desktop: 'desktop',
  mobile: 'mobile',
  tablet: 'tablet',
  bot: 'server',
};

/** Enough for the agents of any hour of a log; one takes about 60 µs to judge. */
const MAX_REMEMBERED = 10_000;

/** Judges user agents: programs (bots, feed readers, scripts) are `server`, what nobody knows is `other`. */
export function createDeviceReader(): (userAgent: string) => Device {
  const remembered = new Map<string, Device>();
  return (userAgent) => {
    const known = remembered.get(userAgent);
    if (known !== undefined) return known;
    const device = toDevice(userAgent);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(userAgent, device);
    return device;
  };
}

function toDevice(userAgent: string): Device {
  if (isbot(userAgent)) return 'server';
  return PLATFORMS[Bowser.parse(userAgent).platform.type ?? ''] ?? 'other';
}
