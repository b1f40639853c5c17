import type { Device } from '@tidemark/schemas';
import { DEVICES } from '@tidemark/schemas';

/** How a device is stored: 0 for none, else its place in the list. Append only. */
export function toDeviceCode(device: Device | null | undefined): number {
  return device == null ? 0 : DEVICES.indexOf(device) + 1;
}

export function toDevice(code: number): Device | null {
  return DEVICES[code - 1] ?? null;
}

/** Every code that a device may have. */
export const DEVICE_CODES: readonly number[] = [0, ...DEVICES.map(toDeviceCode)];

/** In a user set: stands for every type, or every device. */
export const ANY = -1;
