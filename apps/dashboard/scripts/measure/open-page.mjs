/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ drawnMs: number, chartMs: number, tasks: number[], delays: number[], frames: number[] }} Seen */

/**
 * Shows a page to a browser that has nothing kept, and watches how it does.
 * @param {import('playwright-core').Browser} browser
 * @param {{ baseURL: string, storageState: NonNullable<import('playwright-core').BrowserContextOptions['storageState']> }} visitor
 * @param {string} path
 */
export async function openPage(browser, { baseURL, storageState }, path) {
  const context = await browser.newContext({ baseURL, storageState, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    /** @type {Seen} */
    const seen = { drawnMs: 0, chartMs: 0, tasks: [], delays: [], frames: [] };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.tasks.push(duration);
    }).observe({ type: 'longtask', buffered: true });
    new PerformanceObserver((list) => {
      for (const event of /** @type {PerformanceEventTiming[]} */ (list.getEntries()))
        if (event.name === 'keydown') seen.delays.push(event.processingStart - event.startTime);
    }).observe(/** @type {PerformanceObserverInit} */ ({ type: 'event', durationThreshold: 16 }));
    let last = 0;
    const onFrame = (/** @type {number} */ now) => {
      if (last > 0) seen.frames.push(now - last);
      last = now;
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    // The chart as the server drew it, and the one that answers the pointer.
    const AWAITED = { drawnMs: '[data-chart=first] svg path[d]', chartMs: '.lc-root-container svg path[d]' };
    const awaited = new Map(Object.entries(AWAITED));
    const observer = new MutationObserver(() => {
      for (const [name, selector] of awaited) {
        if (document.querySelector(selector) === null) continue;
        awaited.delete(name);
        // The frame after the next one: this one's has been painted.
        requestAnimationFrame(() => requestAnimationFrame((now) => Object.assign(seen, { [name]: now })));
      }
      if (awaited.size === 0) observer.disconnect();
    });
    observer.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['d'] });
  });
  await page.goto(path);
  return { context, page };
}

/** @param {Page} page @returns {Promise<Seen>} */
export function look(page) {
  return page.evaluate(() => /** @type {any} */ (window).seen);
}

/** Forgets what the page's start took. @param {Page} page */
export function settle(page) {
  return page.evaluate(() => {
    const { seen } = /** @type {any} */ (window);
    for (const list of [seen.tasks, seen.delays, seen.frames]) list.splice(0);
  });
}

/** @param {Page} page */
export function untilLive(page) {
  return page.locator('[data-live=live]').waitFor();
}

/** What the page's scripts hold after what they do not has been collected. @param {Page} page */
export async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('Performance.enable');
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = new Map(metrics.map(({ name, value }) => [name, value]));
    return { bytes: metric.get('JSHeapUsedSize') ?? 0, nodes: metric.get('Nodes') ?? 0 };
  };
}
