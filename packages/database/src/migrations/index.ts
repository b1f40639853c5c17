import type { Migration } from 'kysely/migration';
import * as firstSchema from './0001-first-schema.ts';
import * as calendars from './0002-calendars.ts';
import * as packedUserLog from './0003-packed-user-log.ts';

/** Every migration by name, in order; a landed one is never changed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-schema': firstSchema,
  '0002-calendars': calendars,
  '0003-packed-user-log': packedUserLog,
};
