import { globSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { errorDataSchema } from '@tidemark/schemas';
import { testWithChromium } from '@tidemark/testing';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SiteResource, siteResource } from './fixtures/site-resource.ts';
import { type Visit, type Visited, visit } from './fixtures/visit.ts';

/** The dashboard may have to be built first, which takes a while on a busy machine. */
const START_TIMEOUT_MS = 180_000;
const TEST_TIMEOUT_MS = 180_000;

const ROUTES = join(import.meta.dirname, '../src/routes');

/** Every page there is, by its path; a group in brackets is none of it. */
const PAGES = globSync('**/+page.svelte', { cwd: ROUTES }).map(
  (file) => `/${file.replaceAll(/\(\w+\)\//g, '').replace(/\/?\+page\.svelte$/, '')}`,
);

let site: SiteResource;
let tenants = 0;
beforeAll(async () => {
  site = await siteResource({
    TIDEMARK_LIMITS: 'analytics=9999/60,eventReads=9999/60,general=9999/60,attempts=60/900',
  });
}, START_TIMEOUT_MS);
afterAll(() => site?.[Symbol.asyncDispose]());

/** As a browser says of what a page of ours asks for. */
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };
const FORM = 'application/x-www-form-urlencoded';
/** As a browser goes to a page: else the answer to a form would be for a script. */
const go = ({ headers, ...request }: Visit) =>
  visit(site.dashboard.url, { ...request, headers: { accept: 'text/html', ...headers } });

async function newTenant() {
  tenants += 1;
  return await site.tenant(`secure-${tenants}`, [{ type: `of-${tenants}`, userId: 'ada' }]);
}

function submitKey(key: string, headers: Record<string, string> = {}, from?: string): Promise<Visited> {
  const own = { origin: site.dashboard.url, 'content-type': FORM };
  return go({
    method: 'POST',
    path: '/sign-in',
    headers: { ...own, ...headers },
    body: new URLSearchParams({ key }).toString(),
    from,
  });
}

/** The cookie that an answer sets: its value, and its flags in small letters. */
function cookieOf({ headers }: Visited): { value: string; flags: string[] } {
  const [pair = '', ...flags] = (headers['set-cookie']?.find((one) => one.startsWith('tidemark_session=')) ?? '').split(
    '; ',
  );
  return { value: pair.slice('tidemark_session='.length), flags: flags.map((flag) => flag.toLowerCase()) };
}

async function signIn(key: string): Promise<{ token: string; cookie: string }> {
  const { value } = cookieOf(await submitKey(key));
  expect(value).toMatch(/^tms_/);
  return { token: value, cookie: `tidemark_session=${value}` };
}

async function isAlive(token: string): Promise<boolean> {
  const { status } = await fetch(`${site.api}/trpc/admin.sessions.current`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return status === 200;
}

describe('a write', () => {
  const WRITES: readonly (readonly [what: string, visit: Visit])[] = [
    ['signing in', { method: 'POST', path: '/sign-in', headers: { 'content-type': FORM }, body: 'key=x' }],
    ['signing out', { method: 'POST', path: '/sign-out', headers: { 'content-type': FORM } }],
    [
      'a mutation',
      { method: 'POST', path: '/trpc/admin.sessions.end', headers: { 'content-type': 'application/json' } },
    ],
    [
      'one as a form would send it',
      { method: 'POST', path: '/trpc/admin.sessions.end', headers: { 'content-type': 'text/plain' } },
    ],
    ['another method', { method: 'DELETE', path: '/trpc/admin.sessions.end' }],
    ['another method still', { method: 'PUT', path: '/sign-out' }],
    ['a path that is none', { method: 'POST', path: '/nowhere' }],
  ];

  test.each(WRITES)('from anywhere else is refused, and does nothing: %s', async (_what, request) => {
    const { key } = await newTenant();
    const { token, cookie } = await signIn(key);
    const { host, port } = new URL(site.dashboard.url);
    for (const from of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: `http://evil.${host}`, 'sec-fetch-site': 'same-site' },
      { origin: `http://127.0.0.1:${Number(port) + 1}`, 'sec-fetch-site': 'same-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      {},
    ] as Record<string, string>[]) {
      const { status, body } = await go({ ...request, headers: { ...request.headers, ...from, cookie } });
      expect(status, JSON.stringify(from)).toBe(403);
      expect(body).toContain('another site');
    }
    expect(await isAlive(token)).toBe(true);
  });

  test('is none of what a link or an image asks for', async () => {
    const { key } = await newTenant();
    const { token, cookie } = await signIn(key);
    const headers = { cookie, 'x-http-method-override': 'POST' };
    expect((await go({ path: '/sign-out', headers })).status).toBe(405);
    const own = { ...headers, ...OWN_PAGE };
    // Streams are asked for by GET, those that write as well.
    const generate = `/trpc/events.generate?input=${encodeURIComponent(JSON.stringify({ count: 40 }))}`;
    for (const path of ['/trpc/admin.sessions.end', '/trpc/admin.sessions.end?batch=1&_method=POST', generate]) {
      expect((await go({ path, headers })).status).toBe(403);
      expect((await go({ path, headers: { ...headers, 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
      if (path !== generate) expect((await go({ path, headers: own })).status).toBe(405);
    }
    expect(await isAlive(token)).toBe(true);
  });

  test('that is refused here reads as if the API had refused it, and an export is refused by the same rule', async () => {
    const { key } = await newTenant();
    const { cookie } = await signIn(key);
    const ask = (path: string, headers: Record<string, string>) => go({ path, headers: { cookie, ...headers } });
    const refused = await ask('/trpc/events.list?input={}', {});
    const { message, code, data } = JSON.parse(refused.body).error;
    expect(message).toContain('does not say which page it comes from');
    expect([code, errorDataSchema.parse(data).code]).toEqual([-32_003, 'forbidden']);
    expect(data.requestId).toBe(refused.headers['x-request-id']);
    expect((await ask('/trpc/events.list?input={}', {})).body).not.toContain(data.requestId);

    const { status, headers } = await go({
      path: '/trpc/admin.sessions.end',
      method: 'POST',
      headers: {
        cookie,
        ...OWN_PAGE,
        origin: site.dashboard.url,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body: '{}',
    });
    expect([status, headers['accept-encoding']]).toEqual([415, 'identity']);

    for (const path of ['/trpc/events.list?input={}', '/export/events.csv?last=24h']) {
      for (const from of ['cross-site', 'same-site', 'none'])
        expect((await ask(path, { 'sec-fetch-site': from })).status, `${path} ${from}`).toBe(403);
      expect((await ask(path, OWN_PAGE)).status, path).toBe(200);
      expect((await ask(path, { referer: `${site.dashboard.url}/events` })).status, path).toBe(200);
    }
  });
});

describe('a form', () => {
  const ACTIONS = [
    '/sign-in',
    '/settings/keys?/create',
    '/settings/data?/erase',
    '/settings/limits?/set',
    '/settings/sessions?/end',
    '/settings/tenant?/update',
    '/settings/tenants?/create',
  ];
  const NO_FORMS: readonly (readonly [type: string, status: number, reason: string])[] = [
    ['text/plain', 415, 'The body must be a form'],
    ['application/json', 415, 'The body must be a form'],
    ['application/x-sveltekit-formdata', 415, 'The body must be a form'],
    [';;', 415, 'The body must be a form'],
    ['multipart/form-data', 400, 'The form cannot be read'],
    ['multipart/form-data; boundary=x', 400, 'The form cannot be read'],
  ];

  test.each(ACTIONS)('that is none is refused with the reason, and is no failure of ours: %s', async (path) => {
    const { key } = await newTenant();
    const { cookie } = await signIn(key);
    const before = site.dashboard.errors();
    const own = { cookie, origin: site.dashboard.url };
    await breakOff(path, own);
    for (const [type, status, reason] of NO_FORMS) {
      for (const accept of ['text/html', 'application/json']) {
        const headers = { ...own, accept, 'content-type': type };
        const answer = await go({ method: 'POST', path, headers, body: 'key=x' });
        expect(answer.status, type).toBe(status);
        expect(answer.body).toContain(reason);
      }
    }
    expect(site.dashboard.errors()).toBe(before);
  });

  /** Sends half of a form and hangs up, and waits for the dashboard to do so too. */
  async function breakOff(path: string, own: Record<string, string>): Promise<void> {
    const { host, hostname, port } = new URL(site.dashboard.url);
    const headers = { host, ...own, 'content-type': FORM, 'content-length': '9' };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(Number(port), hostname);
    socket.end(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\nkey=`);
    await text(socket);
  }
});

describe('whoever tries keys', () => {
  test('is held off by where they are, whatever they say of it, and nobody else with them', async () => {
    const { key } = await newTenant();
    const tries: Visited[] = [];
    for (let attempt = 0; attempt <= 60; attempt += 1) {
      const headers = { 'x-forwarded-for': `192.0.2.${attempt}`, 'x-tidemark-dashboard': 'guessed' };
      tries.push(await submitKey(`tmk_viewer_wrong-${attempt}`, headers, '127.0.0.9'));
    }
    expect(tries.filter(({ body }) => body.includes('That key is not known here'))).toHaveLength(60);
    expect(tries.at(-1)?.body).toContain('This address has tried too many keys');
    expect((await submitKey(key)).status).toBe(303);
  });
});

describe('a session', () => {
  test('is made anew at each sign-in, whatever cookie came along, and ends at the API with signing out', async () => {
    const { key } = await newTenant();
    const fixed = 'tms_chosen-by-somebody-else';
    const first = cookieOf(await submitKey(key, { cookie: `tidemark_session=${fixed}` })).value;
    const second = cookieOf(await submitKey(key, { cookie: `tidemark_session=${first}` })).value;
    expect(new Set([fixed, first, second]).size).toBe(3);
    expect(await isAlive(fixed)).toBe(false);

    const headers = { cookie: `tidemark_session=${second}`, origin: site.dashboard.url, 'content-type': FORM };
    const left = await go({ method: 'POST', path: '/sign-out', headers });
    expect(left.status).toBe(303);
    expect(cookieOf(left)).toMatchObject({ value: '', flags: expect.arrayContaining(['max-age=0']) });
    expect(await isAlive(second)).toBe(false);
  });

  test('is in a cookie that no script reads, no other site sends along and no other host gets', async () => {
    const { key } = await newTenant();
    const { flags } = cookieOf(await submitKey(key));
    expect(flags).toEqual(expect.arrayContaining(['path=/', 'httponly', 'samesite=lax']));
    expect(flags.some((flag) => flag.startsWith('domain='))).toBe(false);
    expect(flags.some((flag) => flag.startsWith('expires='))).toBe(true);
    expect(flags).not.toContain('secure');
    const behindTls = cookieOf(await submitKey(key, { 'x-forwarded-proto': 'https' }));
    expect(behindTls.flags).toContain('secure');
  });

  test.each([
    '',
    'x',
    'tms_unknown',
    `tms_${'x'.repeat(5_000)}`,
    '%00',
    '../..',
    'a b',
    '"',
    '{}',
    'tmk_admin_x%0d%0ax-tenant-id:1',
  ])('that is none asks to sign in: %j', async (value) => {
    const headers = { cookie: `tidemark_session=${value}` };
    const page = await go({ path: '/', headers });
    expect([page.status, page.headers.location?.split('?', 1)[0]]).toEqual([303, '/sign-in']);
    expect((await go({ path: '/trpc/events.list', headers: { ...OWN_PAGE, ...headers } })).status).toBe(401);
  });
});

test.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '\\\\evil.example',
  'https:evil.example',
  'https://evil.example',
  '/..//evil.example',
  '/.//evil.example',
  '/%2f/evil.example',
  'javascript:alert(1)',
])('signing in never leads off this site: %s', async (next) => {
  const { key } = await newTenant();
  const headers = { origin: site.dashboard.url, 'content-type': FORM };
  const path = `/sign-in?${new URLSearchParams({ next })}`;
  const { status, headers: answered } = await go({ method: 'POST', path, headers, body: `key=${key}` });
  expect(status).toBe(303);
  const led = new URL(answered.location ?? '', site.dashboard.url);
  expect(led.origin).toBe(site.dashboard.url);
});

test.each([
  '//evil.example/',
  '/\\evil.example/',
  '/sign-in//evil.example/',
  '//evil.example/%2e%2e/',
  '/%09/evil.example/',
])('a path is never taken for another site: %s', async (path) => {
  const { location } = (await go({ path })).headers;
  expect(new URL(location ?? '/', site.dashboard.url).origin).toBe(site.dashboard.url);
});

describe('the way to the API', () => {
  const NOT_FOUND = [
    '/trpc/',
    '/trpc/events.list/',
    '/trpc/events.list/../../healthz',
    '/trpc/../healthz?',
    '/trpc/..%2fhealthz',
    '/trpc/%2e%2e/readyz',
    '/trpc/%2e%2e%2freadyz',
    '/trpc/..%5creadyz',
    '/trpc//readyz',
    '/trpc/events.list%2f..%2f..%2fexport%2fevents.csv',
    '/trpc/events.list%3fx',
    '/trpc/events.list%23',
    '/trpc/events.list;x',
    '/trpc/events.list%00',
    '/trpc/@evil.example',
    '/trpc/http://evil.example',
    '/trpc/__proto__',
    '/trpc/admin.sessions.create',
    '/trpc/admin.sessions%2Ecreate',
    '/trpc/admin%2esessions.create?batch=1',
    '/trpc/events.list,admin.sessions.create?batch=1',
    '/trpc/events.list%2Cadmin.sessions.create?batch=1',
  ];

  test.each(NOT_FOUND)('leads to procedures alone, and never to one that gives out a session: %s', async (path) => {
    const { key } = await newTenant();
    const { cookie } = await signIn(key);
    const headers = { cookie, origin: site.dashboard.url, 'content-type': 'application/json' };
    for (const request of [{ path }, { method: 'POST', path, body: `{"key":"${key}"}` }] as const) {
      const { status, body, headers: answered } = await go({ ...request, headers });
      // What `..` leads to before there is a route is the dashboard's own, and a slash at the end is taken off.
      if (path.includes('/../')) expect(body).not.toContain('"database"');
      else if (status === 308) {
        expect(new URL(answered.location ?? '', `${site.dashboard.url}${path}`).origin).toBe(site.dashboard.url);
      } else expect(status).toBe(404);
      expect(body).not.toMatch(/tms_|"status":"ready"|receivedAt/);
    }
  });

  test('speaks for the session, whatever else a request says of its sender', async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const { cookie } = await signIn(one.key);
    const list = async (headers: Record<string, string>) =>
      await go({ path: '/trpc/events.list?input={}', headers: { ...OWN_PAGE, cookie, ...headers } });
    const own = await list({});
    expect(own.status).toBe(200);
    expect(own.body).toContain(one.tenant.slug.replace('secure', 'of'));
    for (const forged of [
      { authorization: `Bearer ${other.key}` },
      { Authorization: `bearer ${site.platformKey}`, connection: 'keep-alive, authorization' },
      { 'x-authorization': `Bearer ${other.key}`, 'x-forwarded-for': '127.0.0.1', 'x-original-url': '/readyz' },
      { cookie: `${cookie}; tidemark_session=tms_second` },
    ]) {
      expect((await list(forged)).body).toBe(own.body);
    }
    const foreign = await list({ 'x-tenant-id': other.tenant.id });
    expect(foreign.status).toBe(403);
    expect(foreign.body).not.toContain(other.tenant.slug.replace('secure', 'of'));
    const keyed = { ...OWN_PAGE, authorization: `Bearer ${other.key}` };
    expect((await go({ path: '/trpc/events.list', headers: keyed })).status).toBe(401);
  });

  test('gives back none of what the API says to its neighbour alone', async () => {
    const { key } = await newTenant();
    const { cookie, token } = await signIn(key);
    const { headers, body } = await go({ path: '/trpc/admin.sessions.current', headers: { cookie } });
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers['cache-control']).toContain('no-store');
    expect(JSON.stringify(headers) + body).not.toContain(token);
  });
});

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

describe('every answer of the dashboard', () => {
  const PATHS = [...PAGES, '/nowhere', '/healthz', '/trpc/events.list', '/trpc/none', '/sign-out', '/?tenant=nobody'];

  test.each(PATHS)('has its headers: %s', async (path) => {
    const { key } = await newTenant();
    const { cookie, token } = await signIn(key);
    for (const headers of [{}, { cookie }] as Record<string, string>[]) {
      const answer = await go({ path, headers });
      expect(answer.headers).toMatchObject({ ...EVERYWHERE, 'cache-control': expect.stringContaining('no-store') });
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
      expect(answer.body).not.toContain(token);
      expect(answer.body).not.toContain(key);
      if (!answer.headers['content-type']?.startsWith('text/html')) continue;
      const [, nonce] =
        /script-src 'self' 'nonce-([^']{16,})'/.exec(answer.headers['content-security-policy'] as string) ?? [];
      expect(nonce, 'a nonce of its own').toBeDefined();
      expect(answer.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe|script-src[^;]*\*/);
      expect((await go({ path, headers })).headers['content-security-policy']).not.toContain(nonce);
      for (const [script] of answer.body.matchAll(/<script(?![^>]*\bsrc=)[^>]*>/g)) expect(script).toContain(nonce);
    }
    const behindTls = await go({ path, headers: { 'x-forwarded-proto': 'https' } });
    expect(behindTls.headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

describe('every file of the dashboard', () => {
  /** As they are built: one with a hashed name stands for all of them. */
  async function listFiles(): Promise<string[]> {
    const [script] = /\/_app\/immutable\/[\w./-]+\.js/.exec((await go({ path: '/sign-in' })).body) ?? [];
    return [script ?? 'no script', '/_app/version.json', '/favicon.svg', '/robots.txt'];
  }

  test('has its headers, however it is asked for', async () => {
    for (const path of await listFiles()) {
      const whole = await go({ path });
      const answers = [
        [200, whole],
        [200, await go({ path, method: 'HEAD' })],
        [304, await go({ path, headers: { 'if-none-match': whole.headers.etag ?? '' } })],
        [206, await go({ path, headers: { range: 'bytes=0-0' } })],
        [416, await go({ path, headers: { range: 'bytes=99999999-' } })],
        [405, await go({ path, method: 'POST', headers: { origin: site.dashboard.url } })],
      ] as const;
      for (const [status, answer] of answers) {
        expect(answer.status, path).toBe(status);
        expect(answer.headers, `${path} ${status}`).toMatchObject(EVERYWHERE);
      }
    }
  });

  test('may be kept where its name changes with what is in it', async () => {
    const [script = ''] = await listFiles();
    expect((await go({ path: script })).headers['cache-control']).toBe('public,max-age=31536000,immutable');
  });
});

testWithChromium(
  'no page breaks its own policy, lets a foreign script in or holds the session where scripts are',
  async ({ path: executablePath }) => {
    const { key } = await newTenant();
    const { token } = await signIn(key);
    await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    for (const isSignedIn of [false, true]) {
      await using context = await browser.newContext({
        baseURL: site.dashboard.url,
        colorScheme: isSignedIn ? 'dark' : 'light',
      });
      if (isSignedIn)
        await context.addCookies([{ name: 'tidemark_session', value: token, url: site.dashboard.url, httpOnly: true }]);
      const asked: string[] = [];
      context.on('request', (request) => asked.push(request.url()));
      for (const path of [...PAGES, '/nowhere', '/?tenant=nobody', '/sign-in?ended=1&code=spent']) {
        const page = await context.newPage();
        const refusals: string[] = [];
        page.on('console', (message) => {
          if (/content security policy/i.test(message.text())) refusals.push(message.text());
        });
        await page.goto(path, { waitUntil: 'load' });
        await page.locator('h1, h2, svg').first().waitFor();
        expect(refusals, path).toEqual([]);

        const held = await page.evaluate(() => {
          const script = document.createElement('script');
          script.textContent = 'window.isOverrun = true';
          document.body.append(script);
          return JSON.stringify([
            Object.entries(localStorage),
            Object.entries(sessionStorage),
            document.cookie,
            document.documentElement.outerHTML,
          ]);
        });
        expect(held).not.toContain(token);
        expect(await page.evaluate(() => 'isOverrun' in window), path).toBe(false);
        await expect.poll(() => refusals.length, { message: 'a script that was put in is refused' }).toBeGreaterThan(0);
        await page.close();
      }
      expect(asked.filter((url) => url.includes(token) || url.includes(key))).toEqual([]);
    }
  },
  TEST_TIMEOUT_MS,
);
