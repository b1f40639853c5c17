import { createTidemark } from '@tidemark/client';
import { describeWithChromium } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { findViolations, findViolationsInBoth } from './fixtures/find-violations.ts';
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
    await call('audit', 'Audit log');
    await page.waitForURL(/settings\/audit\?tenant=palette-two/);
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

  test('what is done before the scripts are there is made up for when they run', async () => {
    const { page, site } = visit;
    const { key } = await site.tenant('in-a-hurry', [], 'admin');
    await visit.signIn(key, '/healthz');
    const inAHurry = async (path: string, act: () => Promise<void>) => {
      const done = Promise.withResolvers<void>();
      await page.route('**/_app/**/*.js', async (route) => {
        await done.promise;
        await route.continue();
      });
      await page.goto(path, { waitUntil: 'commit' });
      await act();
      done.resolve();
    };
    await inAHurry('/system', () => page.getByLabel('Signed in as').click());
    await page.getByRole('dialog', { name: 'Your session' }).waitFor();

    const submit = page.getByRole('button', { name: 'Show what would go' });
    await inAHurry('/settings/data', async () => {
      await page.getByLabel('Keep raw events for, days').fill('5');
      await page.getByLabel('Keep rollups for, days').fill('2');
      await submit.click();
    });
    await page.getByRole('alert').getByText('Must not be shorter than for raw events').waitFor();
    await page.getByLabel('Keep rollups for, days').fill('12');
    await submit.click();
    await page.getByText('Nothing that is there now would go.').waitFor();
  });

  test('the system page says how the server does, and goes on by itself after an outage', async () => {
    const { key } = await visit.site.tenant('system', [{ type: 'page_view', userId: 'ada' }], 'admin');
    await visit.signIn(key, '/system');
    const { page, site } = visit;
    const html = await (await visit.context.request.get('/system')).text();
    // Which of them a busy machine decides.
    expect(html).toMatch(/Everything works|Something needs a look/);
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
      await page.locator('[data-status]').waitFor();
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
    await visit.page.getByRole('region', { name: 'Rate limits' }).getByText('for admins of this tenant').waitFor();
    expect(await findViolationsInBoth(visit.page)).toEqual([]);
    const sender = await visit.site.tenant('system-ingest', [], 'ingest');
    await visit.context.clearCookies();
    await visit.signIn(sender.key, '/system');
    await heading('This is for other keys than yours');
    expect(await visit.page.getByRole('navigation', { name: 'Pages' }).getByRole('link').count()).toBe(0);
    expect(await findViolationsInBoth(visit.page)).toEqual([]);
  });

  test('a key is made, rotated and revoked; whoever watches with it is led to the sign-in page', async () => {
    const { key } = await visit.site.tenant('keys', [], 'admin');
    await visit.signIn(key, '/settings');
    const { page, site } = visit;
    await heading('Keys');
    const secret = async () => (await page.getByRole('dialog').locator('pre').textContent()) ?? '';
    const health = (asking: string) => createTidemark({ url: site.api, key: asking, retries: 0 }).admin.health.query();

    await page.getByRole('button', { name: 'New key' }).click();
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.getByLabel('Name').fill('night watch');
    await page.getByRole('radio', { name: 'Viewer' }).check();
    await page.getByRole('button', { name: 'Make the key' }).click();
    await heading('night watch is made');
    const first = await secret();
    await expect(health(first)).resolves.toHaveProperty('status');
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have copied it' }).click();

    await page.getByRole('button', { name: 'Rotate night watch' }).click();
    await page.getByRole('button', { name: 'Rotate the key' }).click();
    await heading('The new secret of night watch');
    const second = await secret();
    await expect(health(first)).rejects.toThrow();
    await page.getByRole('button', { name: 'I have copied it' }).click();

    const watching = await visit.context.browser()?.newContext({ baseURL: site.dashboard.url });
    const watcher = await watching?.newPage();
    await watcher?.goto('/sign-in?next=/system');
    await watcher?.getByLabel('Key').fill(second);
    await watcher?.getByRole('button', { name: 'Sign in' }).click();
    await watcher?.locator('[data-live=live]').waitFor();
    await page.getByRole('button', { name: 'Revoke night watch' }).click();
    await page.getByRole('button', { name: 'Revoke the key' }).click();
    await page.getByText('night watch is revoked.').waitFor();
    await watcher?.getByText('Your session has ended.').waitFor();
    await watching?.close();
    await page.getByRole('button', { name: 'Show 1 that ended' }).click();
    await page.getByRole('list', { name: 'Keys that ended' }).getByText('night watch').waitFor();
  });

  test('retention is shown before it is changed, and its fields say what is wrong', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    const events = [10, 10, 11, 0].map((days) => ({
      type: 'page_view',
      userId: `user-${days}`,
      occurredAt: daysAgo(days),
    }));
    const { key } = await visit.site.tenant('retention', events, 'admin');
    await visit.signIn(key, '/settings/data');
    const { page } = visit;
    const raw = page.getByLabel('Keep raw events for, days');
    await raw.fill('5');
    await page.getByLabel('Keep rollups for, days').fill('2');
    await page.getByRole('button', { name: 'Show what would go' }).click();
    await page.getByRole('alert').getByText('Must not be shorter than for raw events').waitFor();
    await page.getByLabel('Keep rollups for, days').fill('12');
    await page.getByRole('button', { name: 'Show what would go' }).click();
    await page.getByText('3 raw events of 2 users would go').waitFor();
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'Change the retention…' }).click();
    await page.getByRole('button', { name: 'Delete them and change it' }).click();
    await page.getByText('The retention is changed.').waitFor();
    await page.getByText('5 days', { exact: true }).waitFor();

    const tidemark = createTidemark({ url: visit.site.api, key });
    await expect
      .poll(async () => (await tidemark.admin.retention.get.query()).isTrimming, { timeout: 30_000 })
      .toBe(false);
    await page.goto('/?range=7d');
    await visit.untilLive();
    await page.getByText('The period before is no longer kept').waitFor();
    const users = page.getByRole('region', { name: 'By user' });
    await users.getByText('no longer kept for all of this range').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await users.getByRole('link', { name: /^Show / }).click();
    await users.getByText('user-0').waitFor();

    await page.goto('/settings/data');

    await page.getByLabel('User’s id').fill('user-0');
    await page.getByRole('button', { name: 'Erase…' }).click();
    await page.getByRole('button', { name: 'Erase this user' }).click();
    await page.getByText('user-0 is erased: 1 event deleted.').waitFor();
  });

  test('the platform makes a tenant, gives it budgets and a zone, and finds all of it in the audit log', async () => {
    await visit.site.tenant('taken', []);
    await visit.signIn(visit.site.platformKey, '/settings/tenants');
    const { page } = visit;
    await page.getByRole('button', { name: 'New tenant' }).click();
    await page.getByLabel('Name').fill('Taken');
    await page.getByRole('button', { name: 'Make the tenant' }).click();
    await page.getByRole('alert').getByText('choose another').waitFor();
    await page.getByLabel('Name').fill('Café Nord');
    await page.getByLabel('Slug').fill('cafe-nord');
    await page.getByRole('button', { name: 'Make the tenant' }).click();
    await page.getByText('Café Nord is made.').waitFor();

    await page.goto('/settings/limits?tenant=cafe-nord');
    await page.getByLabel('Analytics, in 60 s').fill('7');
    await page.getByRole('button', { name: 'Save the budgets' }).click();
    await page.getByText('The budgets are changed.').waitFor();
    await page
      .getByRole('row', { name: /^Analytics own budget/ })
      .getByText('of 35')
      .waitFor();

    await page.goto('/settings/tenant?tenant=cafe-nord');
    await page.getByLabel('Time zone: ').click();
    await page.getByPlaceholder('Search a city or zone').waitFor();
    await page.keyboard.type('kathmandu');
    await page.getByRole('option', { name: /Kathmandu/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The tenant is changed.').waitFor();

    await page.goto('/settings/audit?tenant=cafe-nord');
    const told = await page.getByRole('main').getByRole('listitem').allInnerTexts();
    expect(told.some((text) => text.includes('changed the tenant') && text.includes('Asia/Kathmandu'))).toBe(true);
    expect(told.some((text) => text.includes('changed budgets') && text.includes('analytics: 7'))).toBe(true);
    expect(told.some((text) => text.includes('made a tenant'))).toBe(true);
    for (const section of ['keys', 'sessions', 'limits', 'tenant', 'audit', 'tenants']) {
      await page.goto(`/settings/${section}?tenant=cafe-nord`);
      expect(await findViolationsInBoth(page)).toEqual([]);
    }
  });

  test('one page shows every component, in both themes at once', async () => {
    const { key } = await visit.site.tenant('design', []);
    await visit.signIn(key, '/design');
    const { page } = visit;
    const canvasOf = (name: string) =>
      page.getByRole('region', { name, exact: true }).evaluate((part) => getComputedStyle(part).backgroundColor);
    expect(await canvasOf('light')).not.toBe(await canvasOf('dark'));
    expect(await findViolationsInBoth(page)).toEqual([]);
  });

  test('a viewer is shown no way to the settings, and told there who may see them', async () => {
    const { key } = await visit.site.tenant('settings-viewer', []);
    await visit.signIn(key, '/settings');
    const { page } = visit;
    await page.waitForURL(/settings\/limits/);
    expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings' }).count()).toBe(
      0,
    );
    for (const section of ['keys', 'sessions', 'limits', 'data', 'tenant', 'audit', 'tenants']) {
      await page.goto(`/settings/${section}`);
      await heading('This is for other keys than yours');
    }
    expect(await findViolationsInBoth(page)).toEqual([]);
  });

  test('a scenario is run to its verdict, with a live picture; what needs the lab says how to switch it on', async () => {
    await visit.signIn(visit.site.platformKey, '/high-load-demo?scenario=traffic_spike');
    const { page } = visit;
    await page.waitForURL(/\/lab\?scenario=traffic_spike/);
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('img', { name: /^Calls a second, by what became of them: Answered/ }).waitFor();
    await page.locator('[data-verdict]').waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'calls answered, of the budget' }).textContent()).toContain(
      '200',
    );
    expect(await page.getByRole('listitem').filter({ hasText: '120 callers at once' }).textContent()).toContain(
      'refused by the limit',
    );
    expect(await findViolationsInBoth(page)).toEqual([]);

    await page.getByRole('link', { name: /^Circuit breaker/ }).click();
    // What is run is what is shown.
    await page.getByRole('heading', { name: 'Circuit breaker', level: 2 }).waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('alert').getByText('TIDEMARK_LAB=1 npm start').waitFor();
    expect(await findViolationsInBoth(page)).toEqual([]);
  });
});
