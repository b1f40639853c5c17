import { z } from 'zod';

/** An id of ours as people send it; in lower case from here on, as PostgreSQL gives it back, since ids are compared. */
export const idInputSchema = z.guid({ error: 'must be a UUID' }).toLowerCase();
