import type { LimitClass } from '@tidemark/schemas';

/** What each class of calls is, in a person's words. */
export const LIMIT_LOOKS: Record<LimitClass, { readonly title: string; readonly about: string }> = {
  analytics: { title: 'Analytics', about: 'Summaries, breakdowns, watches' },
  eventWrites: { title: 'Event writes', about: 'Batches sent, generated events' },
  eventReads: { title: 'Event reads', about: 'Lists, tails, exports' },
  general: { title: 'General', about: 'Everything else' },
  health: { title: 'Health', about: 'Questions about the server' },
};

export const LIMIT_CLASS_NAMES = Object.keys(LIMIT_LOOKS) as LimitClass[];
