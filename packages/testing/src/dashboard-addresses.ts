import type { BreakdownBy, Filters, IntervalChoice, LastRange } from '@tidemark/schemas';

/** What the monitor shows, and the dashboard's address of the same. */
export type DashboardAddress = {
  readonly shows: {
    readonly view: 'overview' | 'events' | 'breakdown' | 'system' | 'lab';
    readonly range: LastRange;
    readonly interval: IntervalChoice;
    readonly filters: Filters;
    readonly by: BreakdownBy;
  };
  readonly address: string;
};

const PLAIN = { range: '24h', interval: 'auto', filters: {}, by: 'type' } as const;

const FILTERS: Filters = {
  types: ['page view', 'a&b=c'],
  devices: ['mobile', null],
  userId: 'ada@example.com',
  properties: [
    { path: 'cart.total', in: ['12.5', 12.5] },
    { path: 'a:b', in: ['x:y', null] },
  ],
};
const FILTERED =
  'type=page+view&type=a%26b%3Dc&device=mobile&device=&user=ada%40example.com' +
  '&where=cart.total%3A12.5&where=a%253Ab%3Ax%3Ay&where=a%253Ab';

/** The monitor writes these addresses and the dashboard reads them: each is held to the same list. */
export const DASHBOARD_ADDRESSES: readonly DashboardAddress[] = [
  { shows: { ...PLAIN, view: 'overview' }, address: '/?tenant=acme&range=24h' },
  {
    shows: { ...PLAIN, view: 'overview', range: '7d', interval: 'hour', filters: FILTERS },
    address: `/?tenant=acme&range=7d&interval=hour&${FILTERED}`,
  },
  { shows: { ...PLAIN, view: 'events', filters: FILTERS }, address: `/live?tenant=acme&${FILTERED}` },
  { shows: { ...PLAIN, view: 'breakdown', by: 'device' }, address: '/?tenant=acme&range=24h&by=device' },
  {
    shows: { ...PLAIN, view: 'breakdown', filters: { types: ['order'] }, by: 'property:cart.total' },
    address: '/?tenant=acme&range=24h&type=order&property=cart.total',
  },
  { shows: { ...PLAIN, view: 'breakdown', by: 'user' }, address: '/?tenant=acme&range=24h' },
  { shows: { ...PLAIN, view: 'system' }, address: '/system?tenant=acme' },
  { shows: { ...PLAIN, view: 'lab' }, address: '/lab?tenant=acme' },
];
