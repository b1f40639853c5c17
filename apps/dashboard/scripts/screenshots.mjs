// Takes the pictures of docs/screenshots from a running Tidemark:
//   node apps/dashboard/scripts/screenshots.mjs [--data-dir .tidemark] [--chromium /usr/bin/chromium] [--out docs/screenshots]
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
  },
});

/** The demo's thirty days, by type: every part of the page has something to show. */
const VIEW = '/?range=30d&chart=stacked&compare=off';
const WIDE = { width: 1440, height: 900 };
const PICTURES = /** @type {const} */ ([
  { name: 'dashboard-light', view: VIEW, colorScheme: 'light', viewport: WIDE },
  { name: 'dashboard-dark', view: VIEW, colorScheme: 'dark', viewport: WIDE },
  {
    name: 'dashboard-phone',
    view: '/?range=7d&chart=bars',
    colorScheme: 'light',
    viewport: { width: 390, height: 844 },
  },
]);

const credentials = JSON.parse(await readFile(join(values['data-dir'], 'credentials.json'), 'utf8'));
const baseURL = values.dashboard ?? credentials.dashboard;
await mkdir(values.out, { recursive: true });

const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
try {
  for (const { name, view, colorScheme, viewport } of PICTURES) {
    const context = await browser.newContext({
      baseURL,
      colorScheme,
      viewport,
      deviceScaleFactor: 2,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(`/sign-in?next=${encodeURIComponent(view)}`);
    await page.getByLabel('Key').fill(credentials.platformKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.lc-root-container svg :is(rect, path)').first().waitFor();
    await page.locator('[data-live=live]').waitFor();
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
