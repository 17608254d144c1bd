import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readProgressAnswer, readTotalsAnswer } from './received-totals.ts';
import { readReconciliationRequest } from './request.ts';
import { hourText } from './wire.ts';

const now = Temporal.Instant.from('2026-11-23T17:32:00Z');
const read = (texts: { from?: string; to?: string; by?: string }) =>
  readReconciliationRequest({ from: texts.from, to: texts.to, by: texts.by }, now);

describe('what is asked for', () => {
  it('is the present month with the open hour, by meter, unless said otherwise', () => {
    const { from, to, by } = read({});
    assert.deepEqual(
      [hourText(from), hourText(to), by],
      ['2026-11-01T00:00:00+00:00', '2026-11-23T18:00:00+00:00', ['meter']],
    );
  });

  it('takes dimensions in any order and case', () => {
    assert.deepEqual(read({ by: 'Subscription, day' }).by, ['day', 'subscription']);
    const { from, to } = read({ from: '2026-10-01', to: '2026-10-01T02:00' });
    assert.equal(to - from, 2);
  });

  it('takes windows by the names that answers have', () => {
    const named = read({ from: '2026-10-01T00Z', to: '2026-10-01T02Z' });
    const { from, to } = read({ from: '2026-10-01', to: '2026-10-01T02:00' });
    assert.deepEqual([named.from, named.to], [from, to]);
  });

  const wrong: [string, Parameters<typeof read>[0], string, RegExp][] = [
    ['no time', { from: 'yesterday' }, 'BadRequest', /yesterday/],
    ['off the hour', { to: '2026-11-01T00:30Z' }, 'InvalidProperty', /of to .*whole hour/],
    ['long ago', { from: '1960-01-01' }, 'InvalidProperty', /not before 1970/],
    ['no time between', { from: '2026-11-02', to: '2026-11-02' }, 'InvalidProperty', /before to/],
    ['in the future', { from: '2026-12-01' }, 'InvalidProperty', /of from/],
    ['no dimension', { by: 'week' }, 'InvalidProperty', /day, meter, subscription/],
    ['one twice', { by: 'day,day' }, 'InvalidProperty', /each once/],
    ['none', { by: '' }, 'InvalidProperty', /of by/],
  ];
  for (const [name, texts, code, message] of wrong) {
    it(`is refused: ${name}`, () => assert.throws(() => read(texts), { code, message }));
  }

  it('is named as the caller wrote it', () => {
    const texts = { from: undefined, to: 'x', by: undefined };
    assert.throws(() => readReconciliationRequest(texts, now, '--'), { message: /--to/ });
  });
});

const PERIOD = {
  fromWindow: '2026-11-01T00Z',
  nextWindow: '2026-11-02T00Z',
  startedAt: '2026-11-01T00:10:00Z',
  endedAt: null,
  endReason: null,
};
const PROGRESS = {
  registrationId: 'r',
  status: 'Registered',
  billingModel: 'PayAsYouUse',
  periods: [PERIOD, { ...PERIOD, endedAt: '2026-11-02T00:07:00Z', endReason: 'Removed' }],
};
const TOTAL = [
  '2026-11-01',
  'AAAAAAAA-0000-4000-8000-000000000001',
  'm',
  3,
  '1.50',
  '0.5',
  '0',
] as const;

describe('what commerce answers', () => {
  it('is read', () => {
    const progress = readProgressAnswer(PROGRESS);
    assert.deepEqual(
      progress?.periods.map(({ fromWindow, nextWindow, endReason }) => [
        nextWindow - fromWindow,
        endReason,
      ]),
      [
        [24, undefined],
        [24, 'Removed'],
      ],
    );
    const [total] = readTotalsAnswer({ totals: [TOTAL] }) ?? [];
    assert.equal(total?.day, progress.periods[0]!.fromWindow / 24);
    assert.equal(total?.subscriptionId, 'aaaaaaaa-0000-4000-8000-000000000001');
    assert.deepEqual(
      [total.rows, total.quantity.toText(), total.onBase.toText()],
      [3n, '1.5', '0.5'],
    );
    assert.deepEqual(readTotalsAnswer({ totals: [] }), []);
  });

  const changed = (at: number, value: unknown): unknown => ({
    totals: [TOTAL.with(at, value as never)],
  });
  const nonsense: [string, unknown][] = [
    ['no object', []],
    ['no totals', {}],
    ['a row too short', { totals: [TOTAL.slice(1)] }],
    ['no row', { totals: ['x'] }],
    ['no day', changed(0, '2026-13-01')],
    ['no subscription', changed(1, 'x')],
    ['no meter', changed(2, '')],
    ['rows as text', changed(3, '3')],
    ['rows below zero', changed(3, -1)],
    ['a quantity as number', changed(4, 1.5)],
    ['no quantity', changed(5, 'many')],
  ];
  for (const [name, value] of nonsense) {
    it(`is not read: totals, ${name}`, () => assert.equal(readTotalsAnswer(value), undefined));
  }
  const strange: [string, unknown][] = [
    ['no object', 'x'],
    ['no registration', { ...PROGRESS, registrationId: 1 }],
    ['no status', { ...PROGRESS, status: undefined }],
    ['no periods', { ...PROGRESS, periods: {} }],
    ['no period', { ...PROGRESS, periods: [1] }],
    ['no window', { ...PROGRESS, periods: [{ ...PERIOD, nextWindow: 'x' }] }],
    ['no time of the end', { ...PROGRESS, periods: [{ ...PERIOD, endedAt: 'x' }] }],
    [
      'a reset, which ends no period',
      { ...PROGRESS, periods: [{ ...PERIOD, endReason: 'Reset' }] },
    ],
    ['an unknown end', { ...PROGRESS, periods: [{ ...PERIOD, endReason: 'Lost' }] }],
  ];
  for (const [name, value] of strange) {
    it(`is not read: progress, ${name}`, () => assert.equal(readProgressAnswer(value), undefined));
  }
});
