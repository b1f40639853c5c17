// Takes the pictures of docs/screenshots from a running Tidemark:
//   node apps/dashboard/scripts/screenshots.mjs [--data-dir .tidemark] [--chromium /usr/bin/chromium] [--out docs/screenshots] [--only live]
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: join(ROOT, '.tidemark') },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    out: { type: 'string', default: join(ROOT, 'docs/screenshots') },
    /** Default: the one that the server wrote down at its start. */
    dashboard: { type: 'string' },
    /** Takes only the pictures whose names begin so. Default: all. */
    only: { type: 'string', default: '' },
  },
});

/** The demo's thirty days, by type: every part of the page has something to show. */
const VIEW = '/?range=30d&chart=stacked&compare=off';
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** @typedef {import('playwright-core').Page} Page */
const ready = {
  /** @param {Page} page */
  async chart(page) {
    // Also where it has nothing to show: a quiet tenant has a Live page too.
    await page.locator('.lc-root-container svg').first().waitFor();
    await page.locator('[data-live=live]').waitFor();
  },
  /** @param {Page} page */
  rows: (page) => page.getByRole('status').getByText('loaded').waitFor(),
  /** @param {Page} page */
  live: (page) => page.locator('[data-live=live]').waitFor(),
  /** @param {Page} page */
  list: (page) => page.getByRole('main').getByRole('listitem').last().waitFor(),
  /** @param {Page} page */
  async verdict(page) {
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.locator('[data-verdict]').waitFor();
  },
};

const PICTURES = /** @type {const} */ ([
  { name: 'dashboard-light', view: VIEW, colorScheme: 'light', viewport: WIDE, until: ready.chart },
  { name: 'dashboard-dark', view: VIEW, colorScheme: 'dark', viewport: WIDE, until: ready.chart },
  {
    name: 'dashboard-phone',
    view: '/?range=7d&chart=bars',
    colorScheme: 'light',
    viewport: PHONE,
    until: ready.chart,
  },
  { name: 'live-light', view: '/live', colorScheme: 'light', viewport: WIDE, until: ready.chart },
  { name: 'live-dark', view: '/live', colorScheme: 'dark', viewport: WIDE, until: ready.chart },
  { name: 'events-light', view: '/events?range=30d', colorScheme: 'light', viewport: WIDE, until: ready.rows },
  { name: 'events-dark', view: '/events?range=30d', colorScheme: 'dark', viewport: WIDE, until: ready.rows },
  { name: 'generator-light', view: '/generator', colorScheme: 'light', viewport: WIDE, until: ready.chart },
  { name: 'generator-dark', view: '/generator', colorScheme: 'dark', viewport: WIDE, until: ready.chart },
  { name: 'system-light', view: '/system', colorScheme: 'light', viewport: WIDE, until: ready.live },
  { name: 'system-dark', view: '/system', colorScheme: 'dark', viewport: WIDE, until: ready.live },
  { name: 'settings-light', view: '/settings/keys', colorScheme: 'light', viewport: WIDE, until: ready.list },
  { name: 'settings-dark', view: '/settings/keys', colorScheme: 'dark', viewport: WIDE, until: ready.list },
  // The lab needs no TIDEMARK_LAB for these two.
  { name: 'lab-light', view: '/lab', colorScheme: 'light', viewport: WIDE, until: ready.verdict },
  {
    name: 'lab-dark',
    view: '/lab?scenario=cache_performance',
    colorScheme: 'dark',
    viewport: WIDE,
    until: ready.verdict,
  },
]);

const credentials = JSON.parse(await readFile(join(values['data-dir'], 'credentials.json'), 'utf8'));
const baseURL = values.dashboard ?? credentials.dashboard;
await mkdir(values.out, { recursive: true });

const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
try {
  for (const { name, view, colorScheme, viewport, until } of PICTURES) {
    if (!name.startsWith(values.only)) continue;
    const context = await browser.newContext({
      baseURL,
      colorScheme,
      viewport,
      // Sharp where it is shown, and less than a quarter of a megabyte each.
      deviceScaleFactor: 1.25,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(`/sign-in?next=${encodeURIComponent(view)}`);
    await page.getByLabel('Key').fill(credentials.platformKey);
    // By keyboard: a pointer would stand where the chart comes, and its tooltip in the picture.
    await page.keyboard.press('Enter');
    await until(page);
    // Off the chart, or its tooltip covers it.
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(values.out, `${name}.png`) });
    await context.close();
    process.stdout.write(`${join(values.out, `${name}.png`)}\n`);
  }
} finally {
  await browser.close();
}
