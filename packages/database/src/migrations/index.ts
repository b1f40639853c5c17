import type { Migration } from 'kysely/migration';
import * as firstSchema from './0001-first-schema.ts';
import * as calendars from './0002-calendars.ts';
import * as leanIngest from './0003-lean-ingest.ts';
import * as retention from './0004-retention.ts';
import * as setsAsBytes from './0005-sets-as-bytes.ts';
import * as keyRotation from './0006-key-rotation.ts';
import * as noMinutes from './0007-no-minutes.ts';
import * as limits from './0008-limits.ts';
import * as auditLog from './0009-audit-log.ts';
import * as usersInKeys from './0010-users-in-keys.ts';

/** Every migration by name, in order; a landed one is never changed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-schema': firstSchema,
  '0002-calendars': calendars,
  '0003-lean-ingest': leanIngest,
  '0004-retention': retention,
  '0005-sets-as-bytes': setsAsBytes,
  '0006-key-rotation': keyRotation,
  '0007-no-minutes': noMinutes,
  '0008-limits': limits,
  '0009-audit-log': auditLog,
  '0010-users-in-keys': usersInKeys,
};
