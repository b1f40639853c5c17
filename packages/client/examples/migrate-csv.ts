// Brings orders from another system's CSV (id,time,customer,total) as events. Running it again adds nothing: an event's
// id follows from the order's.
// node packages/client/examples/migrate-csv.ts orders.csv [--url … --key …]
import { createReadStream } from 'node:fs';
import { createTidemark } from '@tidemark/client';
import { parse } from 'csv-parse';
import { v5 } from 'uuid';
import { readPositional, readSettings } from './settings.ts';

/** Any UUID will do, as long as it stays the same. */
const ORDERS = '1f1c9c3e-5a3b-4d0e-9d5e-0f7f4d1c2a10';

type Order = { readonly id: string; readonly time: string; readonly customer: string; readonly total: string };

const path = readPositional();
if (path === undefined) throw new Error('Name the file: migrate-csv.ts orders.csv');
const tidemark = createTidemark({
  ...(await readSettings('ingest')),
  tracking: {
    onSettled(outcomes) {
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') console.error(`${outcome.event.id}: ${outcome.reason?.message}`);
      }
    },
  },
});

const orders: AsyncIterable<Order> = createReadStream(path).pipe(parse({ columns: true }));
for await (const { id, time, customer, total } of orders) {
  const details = { id: v5(id, ORDERS), occurredAt: new Date(time).toISOString(), userId: customer };
  // The file is read no faster than the server takes it.
  while (!tidemark.track('order', { total: Number(total) }, details)) await tidemark.tracking.ready();
}
const { stored, rejected, lost } = await tidemark.tracking.close({ timeoutMs: 60_000 });
console.log(`${stored} orders are stored, ${rejected} rejected, ${lost} lost`);
if (rejected + lost > 0) process.exitCode = 1;
