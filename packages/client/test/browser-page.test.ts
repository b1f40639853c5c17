import { join } from 'node:path';
import { createTidemark } from '@tidemark/client';
import {
  databaseResource,
  findFreePort,
  type ServerResource,
  serverResource,
  temporaryFolderResource,
  testWithChromium,
} from '@tidemark/testing';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { expect, vi } from 'vitest';

const ROOT = join(import.meta.dirname, '../examples/browser-page');
const PATIENCE_MS = 20_000;

/** The example as it is built and served anywhere, with its server's address and key put into the page. */
async function servePage(stack: AsyncDisposableStack, port: number, filled: { api: string; key: string }) {
  const { path: outDir } = stack.use(await temporaryFolderResource());
  const fill = (html: string) => html.replace('INGEST_KEY', filled.key).replace('http://127.0.0.1:3001', filled.api);
  const options = { root: ROOT, configFile: false, logLevel: 'error' } as const;
  await build({
    ...options,
    build: { outDir, emptyOutDir: true },
    plugins: [{ name: 'fill', transformIndexHtml: fill }],
  });
  const served = await preview({
    ...options,
    build: { outDir },
    preview: { port, host: '127.0.0.1', strictPort: true },
  });
  stack.defer(() => served.close());
}

testWithChromium(
  'browser-page: sends, follows, comes back after its server, and sends what is left as it goes',
  async ({ path: executablePath }) => {
    await using stack = new AsyncDisposableStack();
    const { url: databaseUrl } = stack.use(await databaseResource());
    const port = await findFreePort();
    const origin = `http://127.0.0.1:${port}`;
    const env = { TIDEMARK_CORS: origin };
    let server: ServerResource = stack.use(await serverResource({ databaseUrl, env }));
    const { url: api, platformKey } = server;
    const platform = createTidemark({ url: api, key: platformKey });
    const { id: tenantId } = await platform.admin.tenants.create.mutate({ slug: 'page', name: 'Page' });
    const { admin, analytics } = createTidemark({ url: api, key: platformKey, tenantId });
    const create = async (role: 'ingest' | 'viewer') => (await admin.keys.create.mutate({ name: role, role })).secret;
    const [ingestKey, viewerKey] = [await create('ingest'), await create('viewer')];
    await servePage(stack, port, { api, key: ingestKey });

    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    stack.defer(() => browser.close());
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(origin);
    const follow = async (key: string) => {
      await page.getByLabel('Viewer key').fill(key);
      await page.getByRole('button', { name: 'Follow' }).click();
    };
    const signUp = (as: 'alone' | 'as a team') => page.getByRole('button', { name: `Sign up ${as}` }).click();
    const said = (text: string | RegExp) => page.getByText(text).waitFor();

    await follow(ingestKey);
    await said(/^forbidden: /);
    await follow(viewerKey);
    await said('following');
    await signUp('alone');
    await said('1 stored, 0 on their way');
    await said('signup {"plan":"solo"}');

    await server.kill();
    await said(/^connecting: /);
    await signUp('as a team');
    server = stack.use(await serverResource({ databaseUrl, env, port: server.port }));
    await said('2 stored, 0 on their way');
    await said('signup {"plan":"team"}');
    expect(await page.getByRole('listitem').allTextContents()).toEqual([
      'signup {"plan":"team"}',
      'signup {"plan":"solo"}',
    ]);

    await signUp('alone');
    await page.goto('about:blank');
    await vi.waitFor(async () => {
      expect((await analytics.summary.query({ last: '24h', fresh: true })).totals.events).toBe(3);
    }, PATIENCE_MS);
    expect(errors).toEqual([]);
  },
  120_000,
);
