import { slugSchema } from '@tidemark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toSlug } from '../src/lib/settings/to-slug.ts';

test.each([
  ['Café Über, Inc.', 'cafe-uber-inc'],
  ['  Acme  ', 'acme'],
  ['東京', ''],
])('%s suggests "%s"', (name, slug) => {
  expect(toSlug(name)).toBe(slug);
});

test('what a name suggests is a slug, or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
      const slug = toSlug(name);
      expect(slug === '' || slugSchema.safeParse(slug).success).toBe(true);
    }),
  );
});
