import { describe, expect, test } from 'vitest';
import type { Bus } from '../src/index.ts';
import { Heard, noticeFixture, tenants } from './heard.ts';

/** What every bus keeps, whatever carries it. */
export function busContract(name: string, openBus: (options: { onError: (error: unknown) => void }) => Bus): void {
  const open = (onError: (error: unknown) => void = () => {}) => openBus({ onError });

  describe(`${name} bus`, () => {
    test('tells a tenant’s listeners what was committed, before publish returns', async () => {
      await using bus = open();
      const heard = new Heard();
      await bus.subscribe(tenants.a, heard.listen).ready;
      bus.publish(noticeFixture(1));
      bus.publish({ ...noticeFixture(2), days: ['2026-11-21', '2026-11-22'] });
      expect(heard.notices).toEqual([noticeFixture(1), { ...noticeFixture(2), days: ['2026-11-21', '2026-11-22'] }]);
    });

    test('keeps tenants apart', async () => {
      await using bus = open();
      const [heardByA, heardByB] = [new Heard(), new Heard()];
      bus.subscribe(tenants.a, heardByA.listen);
      bus.subscribe(tenants.b, heardByB.listen);
      bus.publish(noticeFixture(1, tenants.a));
      bus.publish(noticeFixture(2, tenants.b));
      expect([heardByA.seqs, heardByB.seqs]).toEqual([[1], [2]]);
    });

    test('goes on telling the others when a listener leaves', async () => {
      await using bus = open();
      const [leaving, staying] = [new Heard(), new Heard()];
      const subscription = bus.subscribe(tenants.a, leaving.listen);
      bus.subscribe(tenants.a, staying.listen);
      bus.publish(noticeFixture(1));
      subscription.unsubscribe();
      subscription.unsubscribe();
      bus.publish(noticeFixture(2));
      expect([leaving.seqs, staying.seqs]).toEqual([[1], [1, 2]]);
    });

    test('counts the same function twice when it subscribes twice', async () => {
      await using bus = open();
      const heard = new Heard();
      const first = bus.subscribe(tenants.a, heard.listen);
      bus.subscribe(tenants.a, heard.listen);
      bus.publish(noticeFixture(1));
      first.unsubscribe();
      bus.publish(noticeFixture(2));
      expect(heard.seqs).toEqual([1, 1, 2]);
    });

    test('does not tell a listener that an earlier one made leave', async () => {
      await using bus = open();
      const heard = new Heard();
      bus.subscribe(tenants.a, () => second.unsubscribe());
      const second = bus.subscribe(tenants.a, heard.listen);
      bus.publish(noticeFixture(1));
      expect(heard.seqs).toEqual([]);
    });

    test('survives a listener that throws, and reports it', async () => {
      const errors: unknown[] = [];
      await using bus = open((error) => errors.push(error));
      const heard = new Heard();
      const failure = new Error('listener failed');
      bus.subscribe(tenants.a, () => {
        throw failure;
      });
      bus.subscribe(tenants.a, heard.listen);
      bus.publish(noticeFixture(1));
      expect(heard.seqs).toEqual([1]);
      expect(errors).toEqual([failure]);
    });

    test('hears of a tenant again after its last listener left', async () => {
      await using bus = open();
      const heard = new Heard();
      bus.subscribe(tenants.a, () => {}).unsubscribe();
      await bus.subscribe(tenants.a, heard.listen).ready;
      bus.publish(noticeFixture(1));
      expect(heard.seqs).toEqual([1]);
    });

    test('tells whoever asked what changed of who may do what, until they leave', async () => {
      const errors: unknown[] = [];
      await using bus = open((error) => errors.push(error));
      const heard: string[] = [];
      bus.onControl(() => {
        throw new Error('listener failed');
      });
      const subscription = bus.onControl(({ about }) => heard.push(about));
      await subscription.ready;
      bus.announce({ about: 'key', id: tenants.a });
      bus.announce({ about: 'tenant', id: tenants.a });
      subscription.unsubscribe();
      bus.announce({ about: 'session', id: tenants.a });
      expect(heard).toEqual(['key', 'tenant']);
      expect(errors).toHaveLength(3);
    });

    test('is silent once closed', async () => {
      const bus = open();
      const heard = new Heard();
      bus.subscribe(tenants.a, heard.listen);
      bus.onControl(() => heard.listen(noticeFixture(0)));
      await bus.close();
      bus.announce({ about: 'key', id: tenants.a });
      bus.publish(noticeFixture(1));
      await bus.subscribe(tenants.a, heard.listen).ready;
      bus.publish(noticeFixture(2));
      expect(heard.seqs).toEqual([]);
    });
  });
}
