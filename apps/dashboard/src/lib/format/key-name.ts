/** What a value is called where it stands by itself: one may be missing, and a property may be an empty text. */
export function toKeyName(key: string | null): string {
  return key === '' ? 'Empty text' : (key ?? 'Not given');
}
