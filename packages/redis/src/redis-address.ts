/** Where Redis is, as a URL says it. */
export type RedisAddress = {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly isCluster: boolean;
  readonly isTls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
};

const FORM =
  /^(?<scheme>rediss?):\/\/(?:(?<login>[^@/?#]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<database>\d{0,5}))?(?:\?(?<query>[^#]*))?$/;
const FORM_HINT = 'must look like redis://host:6379, or redis://host:7000,host:7001,host:7002 for a cluster';

/**
 * `redis[s]://[[user]:password@]host[:port][,host[:port]…][/database][?cluster=1]`. Several hosts are nodes of one
 * cluster, of which any finds the others; one host is a cluster's where the parameter says so. Throws a TypeError
 * that tells what to mend and holds nothing of the URL.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const parts = FORM.exec(url)?.groups;
  if (parts === undefined) throw new TypeError(FORM_HINT);
  const { scheme, login, hosts = '', database, query } = parts;
  if (query && query !== 'cluster=1') throw new TypeError('must have no parameter but cluster=1');
  const nodes = hosts.split(',').map((host) => toLocation(`${login ?? ''}@${host}`));
  const [first] = nodes;
  const isCluster = nodes.length > 1 || query === 'cluster=1';
  if (isCluster && Number(database) > 0) throw new TypeError('must not name a database: a cluster has none but 0');
  return {
    nodes: nodes.map(({ hostname, port }) => ({ host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port || 6379) })),
    isCluster,
    isTls: scheme === 'rediss',
    username: decodeURIComponent(first?.username ?? '') || undefined,
    password: decodeURIComponent(first?.password ?? '') || undefined,
    database: Number(database ?? 0),
  };
}

function toLocation(authority: string): URL {
  try {
    const location = new URL(`redis://${authority}`);
    decodeURIComponent(location.username + location.password);
    if (location.hostname !== '') return location;
  } catch {
    // Its own message would repeat the password.
  }
  throw new TypeError(FORM_HINT);
}
