import { z } from 'zod';
import { textSchema } from './text.ts';

export const eraseUserInputSchema = z.strictObject({ userId: textSchema(200) });
export type EraseUserInput = z.output<typeof eraseUserInputSchema>;

export const erasedUserSchema = z.object({
  userId: z.string(),
  /** How many of their events were deleted by this call. */
  events: z.number(),
  /** False where the tenant has no such user, or has erased them before. */
  wasKnown: z.boolean(),
});
export type ErasedUser = z.output<typeof erasedUserSchema>;
