/** A process of its own that starts the server of a folder, says so, and waits to be killed or told to stop. */
import { startEmbeddedPostgres } from '../../src/embedded/start-embedded-postgres.ts';

const [dataDir = ''] = process.argv.slice(2);
const server = await startEmbeddedPostgres({ dataDir, durable: false });
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ url: server.url, pid: server.pid, adopted: server.adopted })}\n`);
setInterval(() => undefined, 60_000);
