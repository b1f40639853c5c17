import { z } from 'zod';

/** What servers tell each other after a commit: whose it was, its place in the tenant's order, the UTC days it touched. */
export const commitNoticeSchema = z.object({
  tenantId: z.guid(),
  seq: z.int().nonnegative(),
  days: z.array(z.iso.date()),
});
export type CommitNotice = z.infer<typeof commitNoticeSchema>;
