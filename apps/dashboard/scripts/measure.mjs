// Measures the dashboard of a running Tidemark in Chromium, as docs/benchmarks.md has it:
//   node apps/dashboard/scripts/measure.mjs [--data-dir .tidemark] [--chromium /usr/bin/chromium] [--only paint,scroll,live,memory] [--minutes 10]
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createTidemark } from '@tidemark/client';
import { chromium } from 'playwright-core';
import { inMb, inMs, inTasks } from './measure/format.mjs';
import { heapOf, look, openPage, settle, untilLive } from './measure/open-page.mjs';
import { sendEvents } from './measure/send-events.mjs';
import { toTaskCpu } from './measure/to-task-cpu.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: join(ROOT, '.tidemark') },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    only: { type: 'string', default: 'paint,scroll,live,memory' },
    /** How long the memory of an open page is watched. */
    minutes: { type: 'string', default: '10' },
  },
});

/** Events of thirty days: as many as the log shows rows at most. */
const EVENTS = 100_000;
const VISITS = 9;
const LIVE_MS = 30_000;
/** A key is pressed so often while numbers change: does the page take it at once? */
const KEY_EVERY_MS = 100;
const HEAP_EVERY_MS = 30_000;

const credentials = JSON.parse(await readFile(join(values['data-dir'], 'credentials.json'), 'utf8'));
const { api, dashboard: baseURL, platformKey } = credentials;
const { tenants } = createTidemark({ url: api, key: platformKey }).admin;
const slug = `measured-${Date.now().toString(36)}`;
const { id: tenantId } = await tenants.create.mutate({ slug, name: 'Measured' });
const tidemark = createTidemark({ url: api, key: platformKey, tenantId });
await generate();

const MEASURES = { paint: measurePaint, scroll: measureScroll, live: measureLive, memory: measureMemory };
const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
try {
  const state = await signIn();
  for (const name of /** @type {(keyof typeof MEASURES)[]} */ (values.only.split(','))) {
    tell(`\n${name}: load ${loadavg()[0]?.toFixed(1)} at the start`);
    await MEASURES[name](state);
  }
} finally {
  await browser.close();
}

/** @typedef {Awaited<ReturnType<typeof signIn>>} State */

/** @param {string} line */
function tell(line) {
  process.stdout.write(`${line}\n`);
}

async function generate() {
  const now = Date.now();
  const from = new Date(now - 30 * 86_400_000).toISOString();
  const to = new Date(now).toISOString();
  await /** @type {Promise<void>} */ (
    new Promise((onComplete, onError) =>
      tidemark.events.generate.subscribe({ count: EVENTS, from, to }, { onComplete, onError }),
    )
  );
}

async function signIn() {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel('Key').fill(platformKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  const state = await context.storageState();
  await context.close();
  return state;
}

/** A page of the measured tenant. @param {State} storageState @param {string} path */
function open(storageState, path) {
  return openPage(browser, { baseURL, storageState }, `${path}${path.includes('?') ? '&' : '?'}tenant=${slug}`);
}

/** @param {State} state */
async function measurePaint(state) {
  /** @type {number[]} */
  const paints = [];
  /** @type {number[]} */
  const drawn = [];
  /** @type {number[]} */
  const charts = [];
  for (let visit = 0; visit < VISITS; visit += 1) {
    const { context, page } = await open(state, '/?range=30d');
    await page.waitForFunction(() => /** @type {any} */ (window).seen.chartMs > 0);
    const { drawnMs, chartMs } = await look(page);
    drawn.push(drawnMs);
    charts.push(chartMs);
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0));
    await context.close();
  }
  tell(
    `first contentful paint: ${inMs(paints)}; ` +
      `the chart: ${inMs(drawn)}; one that answers the pointer: ${inMs(charts)}; ${VISITS} visits`,
  );
}

/** @param {State} state */
async function measureScroll(state) {
  const { context, page } = await open(state, '/events?range=90d');
  const footer = page.getByRole('main').getByRole('status').last();
  await footer.getByText('loaded').waitFor();
  const list = page.locator('[class*="overflow-y-auto"]').first();
  await list.hover();
  await settle(page);
  const heap = await heapOf(page);
  const before = await heap();
  const started = performance.now();
  let rows = 0;
  while (!/all there are|The newest/.test((await footer.textContent()) ?? '')) {
    await page.mouse.wheel(0, 4_000);
    await page.evaluate(() => new Promise((frame) => requestAnimationFrame(frame)));
    rows = Math.max(rows, await list.locator('.absolute').count());
  }
  const { tasks, frames } = await look(page);
  const after = await heap();
  tell(`${(await footer.textContent())?.trim()} ${((performance.now() - started) / 1_000).toFixed(0)} s;`);
  tell(`at most ${rows} rows in the page; frames: ${inMs(frames)}; ${inTasks(tasks)}`);
  tell(`heap ${inMb(before.bytes)} before, ${inMb(after.bytes)} after`);
  await context.close();
}

/** @param {State} state */
async function measureLive(state) {
  await whileSending(async () => {
    for (const path of ['/?range=1h', '/?range=1h&chart=stacked', '/live', '/live?speed=100']) {
      const { context, page } = await open(state, path);
      await untilLive(page);
      await page.locator('.lc-root-container svg :is(path, rect)').first().waitFor();
      await settle(page);
      await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
      let keys = 0;
      for (const end = performance.now() + LIVE_MS; performance.now() < end; keys += 1) {
        await page.keyboard.press('Shift');
        await delay(KEY_EVERY_MS);
      }
      const cpu = toTaskCpu(await browser.stopTracing());
      const { tasks, delays, frames } = await look(page);
      const late = delays.length === 0 ? 'none waited' : `the longest waited ${Math.round(Math.max(...delays))} ms`;
      tell(`${path}, ${LIVE_MS / 1_000} s: ${inTasks(tasks)}; ${keys} keys, ${late}; frames: ${inMs(frames)}`);
      tell(`  longest task by processor time: ${Math.round(Math.max(0, ...cpu))} ms`);
      await context.close();
    }
  });
}

/** @param {State} state */
async function measureMemory(state) {
  await whileSending(async () => {
    /** Side by side, as the tabs of one who keeps both open; each is seen, so each is live. */
    const pages = await Promise.all(['/?range=1h', '/live'].map((path) => open(state, path)));
    for (const { page } of pages) await untilLive(page);
    const heaps = await Promise.all(pages.map(({ page }) => heapOf(page)));
    tell('| minutes | Overview | elements | Live | elements |\n| ---: | ---: | ---: | ---: | ---: |');
    const samples = (Number(values.minutes) * 60_000) / HEAP_EVERY_MS;
    for (let sample = 0; sample <= samples; sample += 1) {
      if (sample > 0) await delay(HEAP_EVERY_MS);
      // What this script itself has noted of each frame would be taken for the page's.
      for (const { page } of pages) await settle(page);
      const cells = [];
      for (const heap of heaps) {
        const { bytes, nodes } = await heap();
        cells.push(inMb(bytes), nodes);
      }
      tell(`| ${(sample * HEAP_EVERY_MS) / 60_000} | ${cells.join(' | ')} |`);
    }
    for (const { context } of pages) await context.close();
  });
}

/** Sends events until it is through. @param {() => Promise<void>} measure */
async function whileSending(measure) {
  const stopping = new AbortController();
  const sent = sendEvents(tidemark, stopping.signal);
  const started = performance.now();
  await measure();
  stopping.abort();
  const seconds = (performance.now() - started) / 1_000;
  tell(`meanwhile ${Math.round((await sent) / seconds)} events a second; load ${loadavg()[0]?.toFixed(1)} at the end`);
}
