import { z } from 'zod';

/** What servers tell each other has changed of who may do what: they forget what they knew of it. */
export const controlNoticeSchema = z.discriminatedUnion('about', [
  z.object({ about: z.literal('key'), id: z.guid() }),
  z.object({ about: z.literal('session'), id: z.guid() }),
  z.object({ about: z.literal('tenant'), id: z.guid() }),
]);
export type ControlNotice = z.infer<typeof controlNoticeSchema>;
