import { expect, test } from 'vitest';
import { UnsentNotices } from '../src/bus/unsent-notices.ts';
import { noticeFixture, tenants } from './heard.ts';

test('merges what a tenant has to say: the newest place, every day once', () => {
  const unsent = new UnsentNotices();
  unsent.add({ ...noticeFixture(2), days: ['2026-11-21', '2026-11-22'] });
  unsent.add({ ...noticeFixture(1), days: ['2026-11-20', '2026-11-21'] });
  unsent.add(noticeFixture(7, tenants.b));
  expect(unsent.takeAll()).toEqual([
    { ...noticeFixture(2), days: ['2026-11-21', '2026-11-22', '2026-11-20'] },
    noticeFixture(7, tenants.b),
  ]);
  expect(unsent.takeAll()).toEqual([]);
});
