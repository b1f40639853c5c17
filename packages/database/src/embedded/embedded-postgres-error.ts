/** Why the embedded PostgreSQL cannot run, in one line that names the remedy. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

export const USE_YOUR_OWN = 'set DATABASE_URL to use a PostgreSQL of your own instead';
