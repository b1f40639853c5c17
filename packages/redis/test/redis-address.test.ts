import { expect, test } from 'vitest';
import { parseRedisUrl } from '../src/index.ts';

const alone = { isCluster: false, isTls: false, username: undefined, password: undefined, database: 0 };

test.each([
  ['redis://127.0.0.1:6379', { ...alone, nodes: [{ host: '127.0.0.1', port: 6379 }] }],
  ['redis://redis', { ...alone, nodes: [{ host: 'redis', port: 6379 }] }],
  ['redis://redis/', { ...alone, nodes: [{ host: 'redis', port: 6379 }] }],
  ['redis://[::1]:7000/3', { ...alone, nodes: [{ host: '::1', port: 7000 }], database: 3 }],
  [
    'rediss://user:p%40ss%2Fw@example.com:6380',
    { ...alone, nodes: [{ host: 'example.com', port: 6380 }], isTls: true, username: 'user', password: 'p@ss/w' },
  ],
  ['redis://:secret@redis', { ...alone, nodes: [{ host: 'redis', port: 6379 }], password: 'secret' }],
  [
    'redis://:secret@a:7000,b:7001,[::1]:7002',
    {
      ...alone,
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
        { host: '::1', port: 7002 },
      ],
      isCluster: true,
      password: 'secret',
    },
  ],
  [
    'redis://a:7000,b',
    {
      ...alone,
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
      ],
      isCluster: true,
    },
  ],
  ['rediss://one:6379/0?cluster=1', { ...alone, nodes: [{ host: 'one', port: 6379 }], isCluster: true, isTls: true }],
])('reads %s', (url, address) => {
  expect(parseRedisUrl(url)).toEqual(address);
});

test.each([
  ['', 'must look like'],
  ['redis://', 'must look like'],
  ['http://s3cret@a', 'must look like'],
  ['redis://a:port', 'must look like'],
  ['redis://a:70000', 'must look like'],
  ['redis://a,,b', 'must look like'],
  ['redis://user:s3cret/x@a', 'must look like'],
  ['redis://user:s3cret%@a', 'must look like'],
  ['redis://a/name', 'must look like'],
  ['redis://a,b/1', 'must not name a database'],
  ['redis://a/1?cluster=1', 'must not name a database'],
  ['redis://a?cluster=yes', 'no parameter but cluster=1'],
  ['redis://a?db=s3cret', 'no parameter but cluster=1'],
])('refuses %j, and repeats none of it', (url, message) => {
  const parse = () => parseRedisUrl(url);
  expect(parse).toThrow(TypeError);
  expect(parse).toThrow(message);
  expect(parse).not.toThrow(/s3cret/);
});
