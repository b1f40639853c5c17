import { isAway, toFault } from '@tidemark/database';
import { expect, test } from 'vitest';

const errorOf = (code: string) => Object.assign(new Error('failed'), { code });

test.each([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  '08006',
  '57P01',
  '53300',
])('%s is a database that is away, and worth another try', (code) => {
  expect(isAway(errorOf(code))).toBe(true);
  expect(toFault(errorOf(code))).toBe('transient');
});

test('waiting in vain for a connection of a full pool is no outage', () => {
  const error = new Error('timeout exceeded when trying to connect');
  expect(isAway(error)).toBe(false);
  expect(toFault(error)).toBe('crowded');
});

test.each([
  'Connection terminated unexpectedly',
  'timeout expired',
  'Query read timeout',
  'Client was closed and is not queryable',
  'Received unexpected rowDescription message from backend.',
])('"%s" is a connection that is lost', (message) => {
  expect(isAway(new Error(message))).toBe(true);
  expect(toFault(new Error(message))).toBe('transient');
});

test.each([
  ['25006', 'transient'],
  ['25P02', 'transient'],
  ['40001', 'transient'],
  ['55P03', 'timeout'],
  ['57014', 'timeout'],
  ['22021', 'data'],
  ['42P01', 'unknown'],
])('%s is no outage: %s', (code, fault) => {
  expect(isAway(errorOf(code))).toBe(false);
  expect(toFault(errorOf(code))).toBe(fault);
});
