import { describe, expect, test } from 'vitest';
import { type TrafficFields, toGenerateInput, toLocalTime } from '../src/lib/generator/traffic-fields.ts';

const ZONE = 'Asia/Kathmandu';

const fieldsFixture = (unusual: Partial<TrafficFields> = {}): TrafficFields => ({
  count: '10000',
  from: '2026-11-22T05:45',
  to: '2026-11-23T05:45',
  types: '',
  devices: [],
  users: '',
  seed: '',
  ...unusual,
});

describe('the form of the generator', () => {
  test('times are those of the tenant’s clocks, and what is left empty is left to the server', () => {
    expect(toGenerateInput(fieldsFixture(), ZONE)).toEqual({
      input: { count: 10_000, from: '2026-11-22T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' },
    });
    expect(toLocalTime(Date.UTC(2026, 10, 22), ZONE)).toBe('2026-11-22T05:45');
  });

  test('numbers may be written as people write them, and names with commas between', () => {
    const fields = fieldsFixture({ count: '1,000 ', users: '20', types: ' a, b ,', devices: ['mobile'], seed: ' x ' });
    expect(toGenerateInput(fields, ZONE)).toMatchObject({
      input: { count: 1_000, users: 20, types: ['a', 'b'], devices: ['mobile'], seed: 'x' },
    });
  });

  test('what cannot be sent is said at each field', () => {
    const fields = fieldsFixture({ count: 'many', users: '-1', from: '', to: 'tomorrow' });
    expect(toGenerateInput(fields, ZONE)).toEqual({
      issues: {
        count: 'Must be a whole number, for example 10000',
        users: 'Must be a whole number, for example 10000',
        from: 'Must be a date and a time',
        to: 'Must be a date and a time',
      },
    });
  });
});
