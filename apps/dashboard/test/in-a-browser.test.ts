import { createTidemark } from '@tidemark/client';
import type { EventInput } from '@tidemark/schemas';
import { describeWithChromium } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { entryBytes } from './fixtures/entry-bytes.ts';
import { findViolations } from './fixtures/find-violations.ts';
import { SiteVisit } from './fixtures/site-visit.ts';

/** What has a first load of its own. */
const PAGES = ['/', '/live', '/events', '/generator', '/lab', '/system', '/settings/keys', '/settings/data', '/design'];
/** Compressed; a second on a slow phone's line. */
const MOST_KILOBYTES = 150;

/** Ninety events of three users over the last hours, the newest a minute old. */
function eventsFixture(): EventInput[] {
  const TYPES = ['page_view', 'page_view', 'checkout'];
  return Array.from({ length: 90 }, (_, index) => ({
    type: TYPES[index % 3] ?? 'page_view',
    userId: `user-${index % 3}`,
    device: index % 2 === 0 ? ('desktop' as const) : ('mobile' as const),
    occurredAt: new Date(Date.now() - (index * 15 + 1) * 60_000).toISOString(),
  }));
}

describeWithChromium('the dashboard in a browser', ({ path }) => {
  const visit = new SiteVisit(path);
  const drawn = () => visit.page.locator('.lc-root-container svg path').first().waitFor();
  /** What the browser says when a tab is left and seen again; a page driven from outside is always seen. */
  const turnTab = (state: DocumentVisibilityState) =>
    visit.page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  /** The number on the card of a metric. */
  const card = (name: string) => visit.page.getByRole('link', { name: new RegExp(`^${name}`) });

  test('a key signs in; what the page shows is what the API answers, before any script runs', async () => {
    const { context, page, site } = visit;
    const { tenant, key } = await site.tenant('truth', eventsFixture());
    await page.goto('/');
    await visit.signInByHand(key);
    await drawn();
    const html = await (await context.request.get('/')).text();
    expect(html).toMatch(/>90</);
    expect(html).toContain('page_view');
    const { totals, meta } = await createTidemark({ url: site.api, key }).analytics.summary.query({
      last: '24h',
      groupBy: 'type',
      compare: 'previous',
    });
    expect(totals.events).toBe(90);
    expect(meta.timeZone).toBe(tenant.timeZone);
    await card('Events').getByText(String(totals.events), { exact: true }).waitFor();
    await card('Unique users').getByText(String(totals.users), { exact: true }).waitFor();
    for (const { key: type, events, users } of totals.groups ?? []) {
      const cells = await page
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name: type ?? '' }) })
        .locator('td')
        .allInnerTexts();
      expect(cells.slice(0, 2)).toEqual([String(events), String(users)]);
    }
  });

  test('an event that arrives is counted on the page, which is not reloaded', async () => {
    const { page, site } = visit;
    const { tenant, key } = await site.tenant('live', eventsFixture());
    await visit.signIn(key, '/');
    await visit.untilLive();
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await site.ingest(tenant, [{ type: 'refund', userId: 'somebody-new' }]);
    await card('Events').getByText('91', { exact: true }).waitFor();
    await card('Unique users').getByText('4', { exact: true }).waitFor();
    await page.getByRole('rowheader', { name: 'refund' }).waitFor();
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
  });

  test('a hidden tab holds no stream, and catches up when it is seen again', async () => {
    const { page, site } = visit;
    const { tenant, key } = await site.tenant('hidden', eventsFixture());
    await visit.signIn(key, '/');
    await visit.untilLive();
    const closed = page.waitForEvent('requestfailed', (request) => request.url().includes('analytics.watch'));
    await turnTab('hidden');
    await closed;
    await page.locator('[data-live=paused]').waitFor();
    await site.ingest(tenant, [{ type: 'page_view', userId: 'user-1' }]);
    await turnTab('visible');
    await card('Events').getByText('91', { exact: true }).waitFor();
  });

  test('neither key nor token is anywhere that a script could read', async () => {
    const { context, page, site } = visit;
    const { key } = await site.tenant('secret', eventsFixture());
    await visit.signIn(key, '/');
    await visit.untilLive();
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ name: 'tidemark_session', httpOnly: true, sameSite: 'Lax', path: '/' });
    const readable = await page.evaluate(() =>
      [
        document.cookie,
        JSON.stringify(localStorage),
        JSON.stringify(sessionStorage),
        document.documentElement.outerHTML,
      ].join('\n'),
    );
    expect(readable).not.toContain(cookie?.value);
    expect(readable).not.toContain(key);
    const answer = await page.evaluate(async (secret) => {
      const body = JSON.stringify({ key: secret });
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/trpc/admin.sessions.create', { method: 'POST', headers, body })).text();
    }, key);
    expect(answer).not.toContain('token');
  });

  test('a wrong key is refused in words that help', async () => {
    const { context, page } = visit;
    await page.goto('/sign-in');
    await page.getByLabel('Key').fill('not-a-key');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('not known here');
    expect(await context.cookies()).toEqual([]);
  });

  test('the printed link signs in once; a second time it says what to do', async () => {
    const { context, page, site } = visit;
    const { signInUrl } = await site.readCredentials();
    await page.goto(signInUrl);
    expect(new URL(page.url()).pathname).toBe('/');
    await page.getByLabel(/^Tenant: /).waitFor();

    await context.clearCookies();
    await page.goto(signInUrl);
    expect(await page.getByRole('alert').textContent()).toContain('.tidemark/credentials.json');
  });

  test('signing out ends the session, also at the API', async () => {
    const { context, page, site } = visit;
    const { key } = await site.tenant('leaving', []);
    await visit.signIn(key, '/');
    await visit.untilLive();
    const [cookie] = await context.cookies();
    await page.getByLabel('Signed in as').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    expect(await context.cookies()).toEqual([]);
    const { status } = await fetch(`${site.api}/trpc/admin.sessions.current`, {
      headers: { authorization: `Bearer ${cookie?.value}` },
    });
    expect(status).toBe(401);
  });

  test('a link shows the same view to the next person', async () => {
    const { page, site } = visit;
    const { key } = await site.tenant('sharing', eventsFixture());
    const link = '/?range=7d&interval=day&tz=Asia%2FKathmandu&by=device&compare=off&metric=users&chart=table';
    await visit.signIn(key, link);
    await page.getByRole('heading', { name: 'Unique users per day' }).waitFor();
    expect(page.url()).toContain(link);
    expect(await page.getByRole('switch', { name: 'Compare' }).getAttribute('aria-checked')).toBe('false');
    await page.getByRole('rowheader', { name: 'mobile' }).waitFor();
    await page.getByLabel('Time zone: Asia/Kathmandu').waitFor();
    expect(await page.locator('main table').first().locator('tbody tr').count()).toBe(7);
  });

  test('a range of one’s own days is chosen by keyboard alone', async () => {
    const { page, site } = visit;
    const { key } = await site.tenant('keyboard', eventsFixture());
    await visit.signIn(key, '/');
    await visit.untilLive();
    await page.getByLabel('Custom range').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('application').or(page.getByRole('grid')).first().waitFor();
    await page.locator('[data-bits-day]:not([data-outside-month])').first().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show' }).press('Enter');
    await page.waitForURL(/from=\d{4}-\d{2}-01&to=\d{4}-\d{2}-02/);
    await page.getByRole('button', { name: /^Custom range: \w+ 1 – 2, \d{4}$/ }).waitFor();
  });

  test('a refused question says why and offers a way on', async () => {
    const { page, site } = visit;
    const { key } = await site.tenant('refused', eventsFixture());
    await visit.signIn(key, '/?range=90d&interval=minute');
    await page.getByRole('heading', { name: 'Too many buckets for this range' }).waitFor();
    await page.getByRole('link', { name: 'Show the last 24 hours' }).click();
    await card('Events').getByText('90', { exact: true }).waitFor();
  });

  test('a tenant without events is shown how to send one; one that has some at other times, where they are', async () => {
    const { page, site } = visit;
    const { key, tenant } = await site.tenant('empty', []);
    await visit.signIn(key, '/');
    await page.getByText('curl').first().waitFor();
    expect(await page.locator('pre').textContent()).toContain(`${site.api}/trpc/events.ingest`);
    await site.ingest(tenant, [{ type: 'page_view', occurredAt: new Date(Date.now() - 5 * 3_600_000).toISOString() }]);
    // Whoever has not sent it may be shown what was right a second ago.
    const wider = page.getByRole('link', { name: 'Show the last 90 days' });
    await expect.poll(() => page.goto('/?range=1h').then(() => wider.count()), { timeout: 20_000 }).toBe(1);
    await wider.click();
    await card('Events').getByText('1', { exact: true }).waitFor();
  });

  test('a platform session changes its tenant, and the URL says which', async () => {
    const { page, site } = visit;
    await site.tenant('first-of-two', eventsFixture());
    await site.tenant('second-of-two', []);
    await visit.signIn(site.platformKey, '/?tenant=first-of-two');
    await card('Events').getByText('90', { exact: true }).waitFor();
    await visit.untilLive();
    await page.getByLabel(/^Tenant: /).click();
    await page.getByPlaceholder('Search a tenant').waitFor();
    await page.keyboard.type('second');
    await page.keyboard.press('Enter');
    await page.waitForURL(/tenant=second-of-two/);
    await page.getByRole('heading', { name: 'No events in this range' }).waitFor();
  });

  test('a write from another site is refused', async () => {
    const { context, site } = visit;
    const { key } = await site.tenant('forged', []);
    await visit.signIn(key, '/');
    const headers = { origin: 'http://evil.example' };
    expect((await context.request.post('/sign-out', { headers })).status()).toBe(403);
    expect((await context.request.post('/trpc/admin.sessions.end', { headers, data: {} })).status()).toBe(403);
  });

  test('the proxy takes as large a body as the API, and names its limit beyond', async () => {
    const { context, site } = visit;
    const { key } = await site.tenant('large', []);
    await visit.signIn(key, '/');
    const post = (bytes: number) =>
      context.request.post('/trpc/events.ingest', {
        headers: { origin: site.dashboard.url, 'content-type': 'application/json' },
        data: Buffer.from(JSON.stringify({ events: [], padding: 'x'.repeat(bytes) })),
      });
    // The API itself answers the first: a viewer's key may not write, and the padding is none of its business.
    expect((await post(3 * 1024 * 1024)).status()).not.toBe(413);
    const refused = await post(5 * 1024 * 1024);
    expect(refused.status()).toBe(413);
    expect(await refused.json()).toMatchObject({ error: { data: { code: 'payload_too_large' } } });
  });

  test('while the API is gone the page keeps its numbers and says so; then it goes on', async () => {
    const { context, page, site } = visit;
    const { tenant, key } = await site.tenant('outage', eventsFixture());
    await visit.signIn(key, '/');
    await visit.untilLive();
    await site.withoutApi(async () => {
      await page.locator('[data-live=reconnecting]').waitFor();
      await card('Events').getByText('90', { exact: true }).waitFor();
      const fresh = await context.newPage();
      await fresh.goto('/');
      await fresh.getByRole('heading', { name: 'The API does not answer' }).waitFor();
      await fresh.close();
    });
    await visit.untilLive();
    await site.ingest(tenant, [{ type: 'page_view', userId: 'user-1' }]);
    await card('Events').getByText('91', { exact: true }).waitFor();
  });

  test('a session that is ended elsewhere leads to the sign-in page, and back', async () => {
    const { context, page, site } = visit;
    const { key } = await site.tenant('ended', eventsFixture());
    await visit.signIn(key, '/?range=7d');
    await visit.untilLive();
    const [cookie] = await context.cookies();
    await createTidemark({ url: site.api, key: cookie?.value }).admin.sessions.end.mutate();
    await page.waitForURL((url) => url.pathname === '/sign-in');
    await page.getByText('Your session has ended.').waitFor();
    await visit.signInByHand(key);
    await page.waitForURL(/range=7d/);
  });

  test('WCAG 2.2 AA finds nothing to mend on the overview in any state, in light and dark', async () => {
    const { page, site } = visit;
    const { key } = await site.tenant('access', eventsFixture());
    await visit.signIn(key, '/');
    for (const link of [
      '/',
      '/?range=7d&chart=stacked&by=device',
      '/?chart=table',
      '/?range=90d&interval=minute',
      '/?tenant=nobody',
    ]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(link);
        await page.locator('.lc-root-container svg, [role=region], h1').first().waitFor();
        expect(await findViolations(page), link).toEqual([]);
      }
    }
  });

  test('no page makes anyone load more than 150 kB of scripts before it can be used', async () => {
    await visit.signIn(visit.site.platformKey, '/healthz');
    const sizes: Record<string, number> = {};
    for (const link of PAGES) sizes[link] = Math.ceil((await entryBytes(visit.context.request, link)) / 1_000);
    expect(Object.entries(sizes).filter(([, kilobytes]) => kilobytes > MOST_KILOBYTES)).toEqual([]);
  });

  // The last one: nothing answers after it. An open stream would hold the server up until the test times out.
  test('asked to stop, it ends in order although a page is watching', async () => {
    const { site } = visit;
    const { key } = await site.tenant('watching', []);
    await visit.signIn(key, '/');
    await visit.untilLive();
    expect(await site.dashboard.stop()).toBe(0);
  });
});
