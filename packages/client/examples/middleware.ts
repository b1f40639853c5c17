// A web server whose requests are tracked; SIGTERM ends it, and it sends what it has.
// node packages/client/examples/middleware.ts [--url … --key …]
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTidemark } from '@tidemark/client';
import { readSettings } from './settings.ts';
import { requestPlan, trackRequests } from './track-requests.ts';

const tidemark = createTidemark({ ...(await readSettings('ingest')), plan: requestPlan });
const track = trackRequests(tidemark);

const server = createServer((request, response) => {
  track(request, response, () => response.writeHead(request.url === '/' ? 200 : 404).end('hello\n'));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

await once(process, 'SIGTERM');
server.close();
server.closeIdleConnections();
const { stored } = await tidemark.tracking.close();
console.log(`${stored} requests tracked`);
