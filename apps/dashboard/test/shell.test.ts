import { createTidemark } from '@tidemark/client';
import { describeWithChromium } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { findViolationsInBoth } from './fixtures/find-violations.ts';
import { SiteVisit } from './fixtures/site-visit.ts';

describeWithChromium('the shell and the pages of those who look after it', ({ path }) => {
  const visit = new SiteVisit(path);
  const heading = (name: string | RegExp) => visit.page.getByRole('heading', { name }).first().waitFor();

  test('the palette goes to pages, tenants and ranges, by keyboard alone', async () => {
    await visit.site.tenant('palette-one', []);
    await visit.site.tenant('palette-two', []);
    await visit.signIn(visit.site.platformKey, '/system?tenant=palette-one');
    const { page } = visit;
    await visit.untilLive();
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    const call = async (words: string, offer: string | RegExp) => {
      await page.keyboard.press('Control+k');
      await palette.getByRole('combobox').waitFor();
      await page.keyboard.type(words);
      await palette.getByRole('option', { name: offer, selected: true }).waitFor();
      await page.keyboard.press('Enter');
      await palette.waitFor({ state: 'hidden' });
    };
    await call('palette-tw', /^PALETTE-TWO/);
    await page.waitForURL(/system\?tenant=palette-two/);
    await call('7 days', /^Last 7 days/);
    await page.waitForURL(/\/\?tenant=palette-two&range=7d/);
    await call('health', 'System');
    await page.waitForURL(/system\?tenant=palette-two/);
    await call('dark', 'Dark');
    await page.locator('html.dark').waitFor();
    await call('theme system', 'As the system');
    await page.keyboard.press('Control+k');
    await palette.waitFor();
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
    await call('shortcuts', 'Keyboard shortcuts');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await call('sign out', 'Sign out');
    await page.getByText('You are signed out.').waitFor();
  });

  test('the system page says how the server does, and goes on by itself after an outage', async () => {
    const { key } = await visit.site.tenant('system', [{ type: 'page_view', userId: 'ada' }], 'admin');
    await visit.signIn(key, '/system');
    const { page, site } = visit;
    const html = await (await visit.context.request.get('/system')).text();
    expect(html).toContain('Everything works');
    await visit.untilLive();
    const { classes } = await createTidemark({ url: site.api, key }).admin.limits.get.query();
    await page
      .getByRole('row', { name: /^Analytics/ })
      .getByText(classes.analytics.tenant.budget.toLocaleString('en'))
      .waitFor();
    expect(await findViolationsInBoth(page)).toEqual([]);

    await page.getByRole('button', { name: 'Clear…' }).click();
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'Clear the cache' }).click();
    await page.getByText('The cache is cleared.').waitFor();

    await site.withoutApi(async () => {
      await page.getByRole('alert').getByText('The API does not answer').waitFor();
      await page.locator('[data-status=ok]').waitFor();
      expect(await findViolationsInBoth(page)).toEqual([]);
    });
    await visit.untilLive();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('a viewer sees the system, but cannot clear its cache; an ingest key is told whom to ask', async () => {
    const { key } = await visit.site.tenant('system-viewer', []);
    await visit.signIn(key, '/system');
    await visit.untilLive();
    expect(await visit.page.getByRole('button', { name: 'Clear…' }).count()).toBe(0);
    const sender = await visit.site.tenant('system-ingest', [], 'ingest');
    await visit.context.clearCookies();
    await visit.signIn(sender.key, '/system');
    await heading('This is for other keys than yours');
    expect(await visit.page.getByRole('navigation', { name: 'Pages' }).getByRole('link').count()).toBe(0);
    expect(await findViolationsInBoth(visit.page)).toEqual([]);
  });
});
