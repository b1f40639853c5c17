import { createTidemark } from '@tidemark/client';
import type { EventInput } from '@tidemark/schemas';
import { describeWithChromium } from '@tidemark/testing';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { findViolations, findViolationsInBoth } from './fixtures/find-violations.ts';
import { SiteVisit } from './fixtures/site-visit.ts';

/** Sixty events of the last ten hours: three users, two devices, two plans. */
function eventsFixture(): EventInput[] {
  return Array.from({ length: 60 }, (_, index) => ({
    type: index % 3 === 0 ? 'checkout' : 'page_view',
    userId: `user-${index % 3}`,
    device: index % 2 === 0 ? ('desktop' as const) : ('mobile' as const),
    properties: { plan: index % 4 === 0 ? 'pro' : 'free' },
    occurredAt: new Date(Date.now() - (index * 10 + 1) * 60_000).toISOString(),
  }));
}

/** What is written where on the screen. */
function readLabels(page: Page, labels: string) {
  return page.locator(labels).evaluateAll((elements) =>
    elements
      .filter((element) => element.checkVisibility())
      .map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { text: element.textContent.trim(), right: x + width, x: x + width / 2, y: y + height / 2 };
      }),
  );
}

/** Within two pixels. */
const near = (px: number) => expect.closeTo(px, -0.6);

describeWithChromium('the overview, looked into', ({ path }) => {
  const visit = new SiteVisit(path, { TIDEMARK_LAB: '1' });
  const events = (count: number) =>
    visit.page
      .getByRole('link', { name: /^Events/ })
      .getByText(String(count), { exact: true })
      .waitFor();
  /** Each theme from its first paint on. */
  const expectAccessible = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await visit.page.reload();
      await visit.untilLive();
      expect(await findViolations(visit.page)).toEqual([]);
    }
  };
  const filter = (name: string) => visit.page.getByRole('link', { name, exact: true }).click();

  test('a click on a value filters everything; the link shows the same to the next person; live goes on', async () => {
    const { tenant, key } = await visit.site.tenant('filters', eventsFixture());
    await visit.signIn(key, '/');
    const { page } = visit;
    await visit.untilLive();
    await events(60);
    await expectAccessible();

    // The second while the first still loads: it adds to it.
    const held = Promise.withResolvers<void>();
    await page.route('**/__data.json*', async (route) => {
      await held.promise;
      await route.continue();
    });
    await filter('checkout');
    await page.getByRole('link', { name: 'Remove the filter type: checkout' }).waitFor();
    await filter('pro');
    held.resolve();
    await page.waitForURL(/type=checkout&where=plan(%3A|:)pro/);
    await page.unrouteAll({ behavior: 'wait' });
    await page.goto('/?type=checkout&device=mobile&where=plan:pro');
    await visit.untilLive();
    await page.getByRole('heading', { name: 'No events match these filters' }).waitFor();
    await expectAccessible();

    const filters = page.getByRole('navigation', { name: 'Filters' });
    await filters.getByRole('link', { name: 'Remove the filter device: mobile' }).click();
    const expected = await createTidemark({ url: visit.site.api, key }).analytics.summary.query({
      last: '24h',
      types: ['checkout'],
      properties: [{ path: 'plan', in: ['pro'] }],
    });
    await events(expected.totals.events);
    const html = await (await visit.context.request.get(page.url())).text();
    expect(html).toContain('Remove the filter plan: pro');

    await visit.untilLive();
    const more = { type: 'checkout', userId: 'somebody-new', properties: { plan: 'pro' } };
    await visit.site.ingest(tenant, [more, { type: 'page_view' }]);
    await events(expected.totals.events + 1);
    // Users are not watched but asked for again.
    await page.getByRole('link', { name: 'somebody-new' }).waitFor();
    await filters.getByRole('link', { name: 'Remove all' }).click();
    await events(62);
  });

  test('the server draws the chart with the axes that the browser draws it with', async () => {
    const { key } = await visit.site.tenant('drawn-twice', eventsFixture());
    await visit.signIn(key, '/healthz');
    const { page, context } = visit;
    const storageState = await context.storageState();
    const baseURL = visit.site.dashboard.url;
    const withoutScripts = await context.browser()?.newContext({ baseURL, storageState, javaScriptEnabled: false });
    const drawn = await withoutScripts?.newPage();
    if (drawn === undefined) throw new Error('there is no second window');
    for (const chart of ['area', 'bars', 'stacked']) {
      await drawn.goto(`/?range=7d&chart=${chart}`);
      const marks = drawn.locator('[data-chart=first] > div > svg > :is(path, rect, g)');
      expect(await marks.count(), chart).toBeGreaterThan(0);
      await page.goto(`/?range=7d&chart=${chart}`);
      await page.locator('.lc-axis.placement-bottom text').first().waitFor();
      const values = await readLabels(page, '.lc-axis.placement-left text');
      expect(values.length).toBeGreaterThan(2);
      expect(await readLabels(drawn, '[data-label=value]')).toEqual(
        values.map(({ text, right, y }) => ({ text, right: near(right), x: expect.anything(), y: near(y) })),
      );
      const times = await readLabels(page, '.lc-axis.placement-bottom text');
      expect(times.length).toBeGreaterThan(2);
      expect(await readLabels(drawn, '[data-label=time]')).toEqual(
        times.map(({ text, x, y }) => ({ text, right: expect.anything(), x: near(x), y: near(y) })),
      );
    }
    await withoutScripts?.close();
  });

  test('the chart is zoomed into by dragging and by keyboard, and out of again', async () => {
    const { key } = await visit.site.tenant('zoom', eventsFixture());
    await visit.signIn(key, '/?chart=bars');
    const { page } = visit;
    await visit.untilLive();
    const chart = page.getByRole('slider', { name: /^Events per hour/ });
    await page.locator('.lc-root-container svg path').first().waitFor({ state: 'attached' });
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the chart has no place');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, y, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=.*Z&to=.*Z/);
    const zoomed = page.url();
    await page.getByRole('link', { name: 'Zoom out' }).click();
    await page.waitForURL((url) => url.href !== zoomed && url.searchParams.has('from'));
    await page.goBack();
    await page.waitForURL(zoomed);

    await page.goto('/?range=24h&chart=bars');
    await visit.untilLive();
    await chart.focus();
    await page.keyboard.press('End');
    for (const _ of [1, 2, 3]) await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(() => chart.getAttribute('aria-valuetext')).toContain('4 buckets selected');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => {
      const [from, to] = ['from', 'to'].map((end) => Date.parse(url.searchParams.get(end) ?? ''));
      return Number(to) - Number(from) > 3 * 3_600_000 && Number(to) - Number(from) <= 4 * 3_600_000;
    });
  });

  test('late events are marked where they belong, and numbers that cannot be counted anew say so', async () => {
    const { tenant } = await visit.site.tenant('honest', eventsFixture());
    const home = `/?tenant=${tenant.slug}`;
    await visit.signIn(visit.site.platformKey, home);
    const { page, site } = visit;
    await visit.untilLive();
    await events(60);
    await page.locator('.lc-root-container svg path').first().waitFor();
    await site.ingest(tenant, [{ type: 'checkout', occurredAt: new Date(Date.now() - 5 * 3_600_000).toISOString() }]);
    await events(61);
    await page.locator('[data-late="1"]').waitFor();
    await page.getByText('1 event came late').waitFor();
    // On the open page: what has just changed must follow the theme as well.
    expect(await findViolationsInBoth(page)).toEqual([]);

    await site.withoutDatabase(async () => {
      await page.goto(home);
      await page.locator('[data-inexact]').getByText('what came since is missing').waitFor();
      await events(61);
      expect(await findViolationsInBoth(page)).toEqual([]);
      await page.goto(`/system?tenant=${tenant.slug}`);
      await page.locator('[data-status]').waitFor();
      for (const path of [
        '/events',
        '/live',
        '/generator',
        '/lab',
        '/settings/keys',
        '/settings/data',
        '/settings/audit',
      ]) {
        await page.goto(`${path}?tenant=${tenant.slug}`);
        await page
          .getByText(/^The database does not answer|^Not run yet/)
          .first()
          .waitFor();
        expect(await findViolationsInBoth(page), path).toEqual([]);
      }
    });
    await page.goto(home);
    await visit.untilLive();
    await page.locator('[data-inexact]').waitFor({ state: 'detached' });
  });
});
