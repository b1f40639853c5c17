import { z } from 'zod';

/** The kinds of device an event may name. */
export const DEVICES = ['desktop', 'mobile', 'tablet', 'server', 'other'] as const;
export type Device = (typeof DEVICES)[number];

export const deviceSchema = z.enum(DEVICES);
