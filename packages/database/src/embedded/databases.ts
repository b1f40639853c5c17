import pg from 'pg';

export type CreateDatabaseOptions = {
  /** The owner's URL, of any database of the server. */
  readonly url: string;
  readonly name: string;
  /** A database to copy, which nobody may be connected to. Default: an empty one. */
  readonly template?: string;
};

/** Adds a database to a server that is ours alone, and returns its URL. */
export async function createDatabase({ url, name, template = 'template1' }: CreateDatabaseOptions): Promise<string> {
  const quoted = [name, template].map((identifier) => pg.escapeIdentifier(identifier));
  await execute(url, `CREATE DATABASE ${quoted[0]} TEMPLATE ${quoted[1]}`);
  const created = new URL(url);
  created.pathname = `/${encodeURIComponent(name)}`;
  return created.href;
}

/** Ends whatever is still connected to it. */
export async function dropDatabase({ url, name }: { readonly url: string; readonly name: string }): Promise<void> {
  await execute(url, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
