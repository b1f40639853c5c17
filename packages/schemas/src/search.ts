import { textSchema } from './text.ts';

/** Text to find in the type, the user, the session or the properties of an event. */
export const searchSchema = textSchema(200);
