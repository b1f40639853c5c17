import { readFile } from 'node:fs/promises';
import { createTidemark } from '@tidemark/client';
import type { EventInput } from '@tidemark/schemas';
import { describeWithChromium } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { findViolations, findViolationsInBoth } from './fixtures/find-violations.ts';
import { SiteVisit } from './fixtures/site-visit.ts';

/** More than one page of the log: the newest is number 0. */
function eventsFixture(): EventInput[] {
  return Array.from({ length: 250 }, (_, index) => ({
    type: index % 5 === 0 ? 'checkout' : 'page_view',
    userId: `user-${index % 3}`,
    device: index % 2 === 0 ? ('desktop' as const) : ('mobile' as const),
    properties: { number: index },
    occurredAt: new Date(Date.now() - (index + 1) * 60_000).toISOString(),
  }));
}

describeWithChromium('events listed, followed and made', ({ path }) => {
  const visit = new SiteVisit(path);
  const row = (text: string) => visit.page.getByRole('button').filter({ hasText: text });
  const said = (text: string) => visit.page.getByRole('status').getByText(text).waitFor();
  const expectAccessible = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await visit.page.reload();
      await visit.page.getByRole('heading', { name: 'Events', exact: true }).waitFor();
      expect(await findViolations(visit.page)).toEqual([]);
    }
  };

  test('it goes on as one scrolls, with few rows in the page; an event opens with all it has', async () => {
    const { key } = await visit.site.tenant('log', eventsFixture());
    await visit.signIn(key, '/events');
    const { page } = visit;
    const html = await (await visit.context.request.get('/events')).text();
    expect(html).toContain('{"number":0}');
    await said('100 events loaded');
    await expectAccessible();

    await row('{"number":0}').hover();
    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, 3_000);
          return await page.getByRole('status').textContent();
        },
        { timeout: 20_000 },
      )
      .toContain('250 events: all there are');
    expect(await page.getByText('{"number":').count()).toBeLessThan(60);

    await page.reload();
    await row('{"number":3}').click();
    const dialog = page.getByRole('dialog', { name: 'page_view' });
    await dialog.getByText('tidemark.events.ingest.mutate').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  test('filters and a search are in the URL, and an export holds what the filters let through', async () => {
    const { key, tenant } = await visit.site.tenant('log-filters', eventsFixture());
    await visit.signIn(visit.site.platformKey, `/events?tenant=${tenant.slug}`);
    const { page } = visit;
    await said('100 events loaded');
    await page.getByRole('navigation', { name: 'Devices' }).getByRole('link', { name: 'mobile' }).click();
    await page.waitForURL(/device=mobile/);
    await page.getByLabel('Value').fill('checkout');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.waitForURL(/type=checkout&device=mobile|device=mobile&type=checkout/);
    await said('25 events: all there are');

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'NDJSON' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
    const { items } = await createTidemark({ url: visit.site.api, key }).events.list.query({
      types: ['checkout'],
      devices: ['mobile'],
    });
    const toIds = (events: readonly { id: string }[]) => new Set(events.map(({ id }) => id));
    expect(toIds(lines.map((line) => JSON.parse(line)))).toEqual(toIds(items));
    expect(lines).toHaveLength(25);
    expect(lines).toHaveLength(items.length);

    await page.getByLabel('Search events').fill('no such words');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No events match' }).waitFor();
    expect(await page.getByRole('link', { name: 'NDJSON' }).getAttribute('href')).toContain('search=no+such+words');
    // Nothing at any time either: no other range is offered.
    expect(await page.getByRole('main').getByRole('link', { name: /^Show/ }).count()).toBe(0);
    await expectAccessible();

    // Of a range whose first events are gone it shows none for all, and leads to what is kept.
    const { admin } = createTidemark({ url: visit.site.api, key: visit.site.platformKey, tenantId: tenant.id });
    await admin.retention.set.mutate({ rawDays: 2, rollupDays: null });
    await expect.poll(async () => (await admin.retention.get.query()).rawFrom, { timeout: 20_000 }).not.toBeNull();
    await page.goto(`/events?tenant=${tenant.slug}&range=7d&type=checkout`);
    await page.getByRole('heading', { name: 'This range reaches behind what is kept' }).waitFor();
    expect(await page.getByRole('link', { name: 'NDJSON' }).count()).toBe(0);
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.getByRole('link', { name: /^Show / }).click();
    await page.waitForURL(/type=checkout/);
    await said('50 events: all there are');

    // Where a range is empty, the widest that is kept is offered instead of one that would be refused.
    await page.goto(`/events?tenant=${tenant.slug}&from=2100-01-01&to=2100-01-02`);
    await page.getByRole('heading', { name: 'No events in this range' }).waitFor();
    expect(await page.getByRole('link', { name: 'Remove the filters' }).count()).toBe(0);
    await page.getByRole('main').getByRole('link', { name: /^Show/ }).click();
    await said('100 events loaded');
    await visit.site.withoutApi(async () => {
      await page.reload();
      await page.getByRole('heading', { name: 'The API does not answer' }).waitFor();
    });
  });

  test('the tail follows what is stored, holds still, samples and says so, and loses nothing over an outage', async () => {
    const { tenant, key } = await visit.site.tenant('tail', eventsFixture().slice(0, 3));
    await visit.signIn(key, '/live');
    const { page, site } = visit;
    const html = await (await visit.context.request.get('/live')).text();
    expect(html).toContain('{"number":2}');
    await visit.untilLive();
    const send = (...names: string[]) =>
      site.ingest(
        tenant,
        names.map((name) => ({ type: name.startsWith('buy') ? 'checkout' : 'page_view', properties: { name } })),
      );
    const shown = (name: string) => row(`{"name":"${name}"}`).waitFor();

    await send('first');
    await shown('first');
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'Pause' }).click();
    await send('held-1', 'held-2');
    await page.locator('[data-held="2"]').waitFor();
    expect(await row('held-1').count()).toBe(0);
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'Resume' }).click();
    await shown('held-2');

    // A row that is opened stays where it is.
    await row('{"name":"first"}').click();
    await page.getByRole('dialog', { name: 'page_view' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Resume' }).click();

    await page.getByRole('region', { name: 'By type' }).getByRole('link', { name: 'page_view' }).click();
    await page.waitForURL(/type=page_view/);
    await visit.untilLive();
    await send('buy-nothing', 'seen');
    await shown('seen');
    expect(await row('buy-nothing').count()).toBe(0);

    await page.route('**/trpc/events.tail*', (route) => route.abort());
    await site.withoutApi(async () => {
      await said('The connection is away');
      expect(await findViolationsInBoth(page)).toEqual([]);
    });
    await send('missed-1', 'missed-2', 'missed-3');
    await page.unroute('**/trpc/events.tail*');
    await said('Back again: 3 events came meanwhile');
    for (const name of ['missed-1', 'missed-2', 'missed-3']) expect(await row(`{"name":"${name}"}`).count()).toBe(1);

    await page.goto('/live?speed=5&type=flood');
    await page.getByRole('heading', { name: 'No events yet' }).waitFor();
    await visit.untilLive();
    expect(await findViolationsInBoth(page)).toEqual([]);
    await site.ingest(
      tenant,
      Array.from({ length: 50 }, () => ({ type: 'flood' })),
    );
    await page.getByText(/At most 5 a second are shown: \d+ of 50 events/).waitFor();
    expect(await row('flood').count()).toBeLessThan(50);
  });

  test('the generator makes traffic that is seen to arrive, refuses by field, and is for those who may', async () => {
    const { key, tenant } = await visit.site.tenant('generator', [], 'admin');
    await visit.signIn(key, '/generator');
    const { page, site } = visit;
    await visit.untilLive();
    const field = (label: string) => page.getByLabel(label, { exact: true });
    const generate = () => page.getByRole('button', { name: 'Generate' }).click();
    expect(await findViolationsInBoth(page)).toEqual([]);

    await field('Events').fill('many');
    await generate();
    await page.getByText('Must be a whole number').waitFor();
    await field('Events').fill('400');
    await field('Types').fill('x'.repeat(101));
    await field('To').fill('2020-01-01T00:00');
    await generate();
    await page.getByText('Must be later than from').waitFor();
    expect(await field('Types').getAttribute('aria-invalid')).toBe('true');
    expect(await findViolationsInBoth(page)).toEqual([]);

    await page.getByRole('button', { name: 'Last hour' }).click();
    await field('Types').fill('alpha, beta');
    await field('Seed').fill('tides');
    await generate();
    await said('Done in');
    const stored = page.getByRole('region', { name: 'What is stored' });
    await stored.getByText('400', { exact: true }).first().waitFor();
    expect(await findViolationsInBoth(page)).toEqual([]);
    const { totals } = await createTidemark({ url: site.api, key }).analytics.summary.query({
      last: '24h',
      groupBy: 'type',
    });
    expect(totals.events).toBe(400);
    expect(totals.groups?.map(({ key: type }) => type).sort()).toEqual(['alpha', 'beta']);

    // The same seed once more: duplicates, which count once.
    await generate();
    await page.getByRole('region', { name: 'The run' }).getByText('400', { exact: true }).waitFor();

    await field('Events').fill('1,000,000');
    await field('Seed').fill('');
    await generate();
    await page.getByRole('status').getByText('events a second').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await said('Stopped.');
    await page.getByRole('link', { name: 'See it on the overview' }).click();
    await page.waitForURL(/\/\?from=.*&to=/);

    const viewer = await createTidemark({ url: site.api, key }).admin.keys.create.mutate({ name: 'v', role: 'viewer' });
    await visit.context.clearCookies();
    await visit.signIn(viewer.secret, `/generator?tenant=${tenant.slug}`);
    await page.getByRole('heading', { name: 'This is for other keys than yours' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Generator' }).count()).toBe(
      0,
    );
  });
});
