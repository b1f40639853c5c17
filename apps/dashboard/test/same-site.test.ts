import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findForeignness, isCrossSiteWrite } from '../src/lib/server/is-cross-site.ts';
import { isHttps } from '../src/lib/server/is-https.ts';
import { toLocalPath } from '../src/lib/server/local-path.ts';

/** Only what is read of a request: a real one may not name its own host. */
function requestFixture(method: string, headers: Record<string, string>): Request {
  return { method, headers: new Headers({ host: 'tidemark.example', ...headers }) } as unknown as Request;
}

describe('a write', () => {
  test('from our own pages passes', () => {
    expect(isCrossSiteWrite(requestFixture('POST', { origin: 'https://tidemark.example' }))).toBe(false);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a sibling', { origin: 'https://evil.tidemark.example' }],
    ['another port', { origin: 'https://tidemark.example:8443' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['nowhere', {}],
  ])('from %s is refused', (_, headers) => {
    expect(isCrossSiteWrite(requestFixture('POST', headers as Record<string, string>))).toBe(true);
    expect(isCrossSiteWrite(requestFixture('DELETE', headers as Record<string, string>))).toBe(true);
  });

  test('behind a proxy is compared with the host that the browser sees', () => {
    const headers = { host: 'inner:5173', 'x-forwarded-host': 'tidemark.example', origin: 'https://tidemark.example' };
    expect(isCrossSiteWrite(requestFixture('POST', headers))).toBe(false);
  });
});

test('reading is never a write', () => {
  expect(isCrossSiteWrite(requestFixture('GET', { origin: 'https://evil.example' }))).toBe(false);
});

describe('a call of a procedure', () => {
  test.each([
    ['as the browser says', { 'sec-fetch-site': 'same-origin' }],
    ['by its origin', { origin: 'http://tidemark.example' }],
    ['by its page, where the browser says no more', { referer: 'http://tidemark.example/lab' }],
  ])('from our own pages passes, %s', (_, headers) => {
    expect(findForeignness(requestFixture('GET', headers as Record<string, string>))).toBeUndefined();
  });

  test.each([
    ['a link on another site', { 'sec-fetch-site': 'cross-site', referer: 'http://tidemark.example/' }, 'another site'],
    ['a sibling', { 'sec-fetch-site': 'same-site', origin: 'http://tidemark.example' }, 'another site'],
    ['another page', { referer: 'http://evil.example/tidemark.example' }, 'another site'],
    ['an address that was typed', { 'sec-fetch-site': 'none' }, 'opened by itself'],
    ['who says nothing', {}, 'does not say which page'],
  ])('from %s is refused, and told why', (_, headers, reason) => {
    expect(findForeignness(requestFixture('GET', headers as Record<string, string>))).toContain(reason);
  });
});

test('the browser speaks TLS where the proxy or its own origin says so', () => {
  expect(isHttps(requestFixture('GET', { 'x-forwarded-proto': 'https' }))).toBe(true);
  expect(isHttps(requestFixture('POST', { origin: 'https://tidemark.example' }))).toBe(true);
  expect(isHttps(requestFixture('GET', {}))).toBe(false);
});

test.each([
  ['/?range=7d', '/?range=7d'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  [null, '/'],
])('after signing in %s leads to %s', (next, path) => {
  expect(toLocalPath(next)).toBe(path);
});

test('after signing in nothing that anyone can write into a link leads off this site', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '//',
    '.',
    '..',
    '@',
    ':',
    '?',
    '#',
    '%2f',
    '%5c',
    '\t',
    '\n',
    ' ',
    'evil.example',
    'https:',
    'javascript:',
    '\u0000',
    '\ud800',
    'ß',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 6 }), (pieces, rest) => {
      for (const next of [`${pieces.join('')}${rest}`, `/${pieces.join('')}${rest}`]) {
        const path = toLocalPath(next);
        expect(path.startsWith('/')).toBe(true);
        expect(new URL(path, 'https://tidemark.example').origin).toBe('https://tidemark.example');
      }
    }),
    { numRuns: 20_000 },
  );
});
