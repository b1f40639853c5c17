import { z } from 'zod';

/** `<data dir>/credentials.json`, mode 0600: how local tools find and call the running server. */
export const credentialsSchema = z.object({
  api: z.url(),
  dashboard: z.url(),
  /** Holds a single-use code, renewed at each start; never a key. */
  signInUrl: z.url(),
  platformKey: z.string(),
  tenants: z.array(
    z.object({
      slug: z.string(),
      id: z.guid(),
      keys: z.object({ admin: z.string(), viewer: z.string(), ingest: z.string() }),
    }),
  ),
});
export type Credentials = z.infer<typeof credentialsSchema>;
