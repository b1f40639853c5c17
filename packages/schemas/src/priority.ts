import { z } from 'zod';

/** What a caller says of its question by the header `x-priority`; under load the low go first. */
export const PRIORITIES = ['low', 'normal', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const prioritySchema = z.enum(PRIORITIES);
