// A page that sends its visitors' events, and shows those of everybody to whoever has a key to see them.
// Put an ingest key into index.html, allow the page with TIDEMARK_CORS=http://localhost:5174 npm start, and:
// pnpm --dir packages/client exec vite examples/browser-page --port 5174
import { createTidemark, defineEvents, toTidemarkError } from '@tidemark/client';
import { z } from 'zod';

const SHOWN_EVENTS = 100;

const { api: url = '/', ingestKey: key } = document.body.dataset;
const plan = defineEvents({ signup: z.object({ plan: z.enum(['solo', 'team']) }) });

// Sent in the background, again until stored; what is left goes out when the page is hidden or left.
const tidemark = createTidemark({ url, key, plan, tracking: { flushIntervalMs: 500, onSettled: showCounts } });

for (const button of document.querySelectorAll('button[data-plan]')) {
  button.addEventListener('click', () => {
    tidemark.track('signup', { plan: button.getAttribute('data-plan') === 'team' ? 'team' : 'solo' });
    showCounts();
  });
}

function showCounts(): void {
  const { queued, stored, rejected } = tidemark.tracking.counts;
  say('sent', `${stored} stored, ${queued} on their way${rejected === 0 ? '' : `, ${rejected} rejected`}`);
}

let stop = () => {};
const form = document.querySelector('form');
form?.addEventListener('submit', (event) => {
  event.preventDefault();
  const viewerKey = new FormData(form).get('key');
  if (typeof viewerKey !== 'string') return;
  stop();
  stop = follow(viewerKey);
});

/** Shows events as they are stored. A connection that drops comes back by itself, after the last event it showed. */
function follow(viewerKey: string): () => void {
  const list = document.querySelector('#events');
  const { unsubscribe } = createTidemark({ url, key: viewerKey }).events.tail.subscribe(
    { maxPerSecond: 20 },
    {
      onStarted: () => say('state', 'following'),
      onData({ data }) {
        if (!('event' in data)) {
          // The first message skips nothing: it says from where on events will be shown.
          if (data.skipped > 0) say('state', `${data.skipped} were not shown, for there were too many`);
          return;
        }
        const item = document.createElement('li');
        item.textContent = `${data.event.type} ${JSON.stringify(data.event.properties)}`;
        list?.prepend(item);
        if (list && list.children.length > SHOWN_EVENTS) list.lastElementChild?.remove();
      },
      onConnectionStateChange({ state, error }) {
        if (error !== null) say('state', `${state}: ${toTidemarkError(error).reason}`);
      },
      onError(error) {
        const { code, reason } = toTidemarkError(error);
        say('state', `${code}: ${reason}`);
      },
    },
  );
  return unsubscribe;
}

function say(id: 'sent' | 'state', text: string): void {
  const output = document.querySelector(`#${id}`);
  if (output) output.textContent = text;
}
