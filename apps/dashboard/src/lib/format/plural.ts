import { formatCount } from './number.ts';

/** "1 event", "2,000 events" */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
