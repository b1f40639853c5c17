import type { JsonObject } from '@tidemark/schemas';
import type { Random } from './random.ts';
import { drawExponential, drawIndex, happens, pick, pickWeighted } from './random.ts';
import type { Visitor } from './traffic-visitors.ts';

/** One thing a visitor does, some time after the one before. */
export type Step = { readonly type: string; readonly gapMs: number; readonly properties: JsonObject };

/** The types a journey is made of by itself, in the order of the funnel. */
export const TRAFFIC_TYPES = [
  'page_view',
  'search',
  'sign_up',
  'sign_in',
  'add_to_cart',
  'checkout',
  'purchase',
  'error',
] as const;
export type TrafficType = (typeof TRAFFIC_TYPES)[number];

const REFERRERS = [
  ['google.com', 42],
  ['newsletter', 12],
  ['news.ycombinator.com', 9],
  ['youtube.com', 8],
  ['github.com', 6],
] as const;
const ENTRIES = [
  ['/', 46],
  ['/pricing', 14],
  ['/blog/why-exact-numbers', 12],
  ['/products', 18],
  ['/docs', 10],
] as const;
const PAGES = ['/products', '/pricing', '/docs', '/docs/quick-start', '/blog', '/about', '/account'];
const QUERIES = ['kettle', 'desk lamp', 'notebook', 'returns', 'gift card', 'headphones'];
const PRODUCTS = [
  { product: 'notebook', price: 9 },
  { product: 'kettle', price: 39 },
  { product: 'desk-lamp', price: 64 },
  { product: 'headphones', price: 129 },
  { product: 'standing-desk', price: 480 },
];

type Act = (type: TrafficType, properties: JsonObject) => void;
type Cart = { product: string; price: number }[];

/** One visit from the entry page through the funnel; at every stage some leave. */
export function walkJourney(random: Random, visit: { visitor: Visitor; isFirstVisit: boolean }): Step[] {
  const { country, plan, currency } = visit.visitor;
  const steps: Step[] = [];
  const act: Act = (type, properties) => {
    const gapMs = steps.length === 0 ? 0 : Math.ceil(1_500 + drawExponential(random, 32_000));
    steps.push({ type, gapMs, properties: { ...properties, country, plan } });
  };
  const referrer = happens(random, 0.7) ? { referrer: pickWeighted(random, REFERRERS) } : {};
  act('page_view', { path: pickWeighted(random, ENTRIES), ...referrer });
  if (happens(random, 0.28)) return steps;
  if (happens(random, visit.isFirstVisit ? 0.6 : 0.4)) {
    act(visit.isFirstVisit ? 'sign_up' : 'sign_in', { method: pick(random, ['email', 'google', 'github']) });
  }
  const cart = browse(random, act, currency);
  if (cart.length === 0 || !happens(random, 0.6)) return steps;
  const order = { items: cart.length, amount: cart.reduce((sum, { price }) => sum + price, 0), currency };
  act('checkout', order);
  if (happens(random, 0.7)) act('purchase', order);
  return steps;
}

/** Looks around and returns what ended up in the cart. */
function browse(random: Random, act: Act, currency: string): Cart {
  const cart: Cart = [];
  do {
    if (happens(random, 0.15)) act('search', { query: pick(random, QUERIES), results: drawIndex(random, 40) });
    const product = happens(random, 0.45) ? pick(random, PRODUCTS) : undefined;
    act('page_view', { path: product === undefined ? pick(random, PAGES) : `/products/${product.product}` });
    if (product !== undefined && happens(random, 0.3)) {
      cart.push(product);
      act('add_to_cart', { ...product, currency });
    }
    if (happens(random, 0.012)) act('error', { code: pick(random, ['not_found', 'timeout', 'payment_declined']) });
  } while (happens(random, 0.68));
  return cart;
}
