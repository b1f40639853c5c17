import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SETTINGS_FILE = 'tidemark.conf';

/** The line in postgresql.conf that lets our settings come last. */
export const INCLUDE_SETTINGS = `include = '${SETTINGS_FILE}'`;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // A socket's path has a length limit that a deep checkout breaks, and nothing here needs one.
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: '128MB',
  // A statement over the events table locks each of up to 260 partitions and their indexes; the default 64 is for ten tables.
  max_locks_per_transaction: 512,
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'on',
  log_directory: 'log',
  // One file per weekday, each overwritten after a week: the log is bounded.
  log_filename: 'postgresql-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_rotation_size: 0,
  log_checkpoints: 'off',
};

/** For data that nobody misses: a crash of the machine may destroy it. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Written at every start, so that a newer Tidemark brings its settings to older data. */
export async function writeServerSettings(cluster: string, durable: boolean): Promise<void> {
  const settings = Object.entries(durable ? SETTINGS : { ...SETTINGS, ...NOT_DURABLE });
  const lines = settings.map(([name, value]) => `${name} = '${value}'`);
  await writeFile(join(cluster, SETTINGS_FILE), `${lines.join('\n')}\n`);
}
