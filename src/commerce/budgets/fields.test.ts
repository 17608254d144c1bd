import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StackmeterError } from '../../kernel/index.ts';
import type { Fields } from '../../platform/index.ts';
import { filtersOf, readBudgetChange } from './fields.ts';
import { toWireAlert } from './wire.ts';

const SUBSCRIPTION = 'CCCCCCCC-0000-4000-8000-000000000001';

describe('what is said of a budget', () => {
  it('is read, and what is left out stays out', () => {
    assert.deepEqual(
      Object.values(readBudgetChange({})).filter((value) => value !== undefined),
      [],
    );
    const change = readBudgetChange({
      amount: '1200.50',
      grain: 'month',
      view: 'Buying',
      filters: {
        Subscription: [SUBSCRIPTION],
        tag: ['env:prod', 'env:'],
        location: ['b', 'a', 'b'],
      },
      alerts: [
        { threshold: '80', notify: { emails: ['A@Acme.Example', 'A@acme.example'] } },
        { of: 'Forecast', unit: 'amount', threshold: '1500', notify: { webhook: true } },
      ],
    });
    assert.equal(change.amount?.toText(), '1200.5');
    assert.deepEqual([change.grain, change.view], ['Month', 'buying']);
    assert.deepEqual(change.filters, {
      location: ['a', 'b'],
      subscription: [SUBSCRIPTION],
      tag: ['env:', 'env:prod'],
    });
    assert.deepEqual(filtersOf(change.filters ?? {}), [
      { by: 'subscription', values: [SUBSCRIPTION.toLowerCase()] },
      { by: 'location', values: ['a', 'b'] },
      { by: 'tag:env', values: ['', 'prod'] },
    ]);
    assert.deepEqual(change.alerts?.map(toWireAlert), [
      {
        of: 'actual',
        unit: 'percent',
        threshold: '80',
        notify: { emails: ['A@acme.example'], webhook: false },
      },
      {
        of: 'forecast',
        unit: 'amount',
        threshold: '1500',
        notify: { emails: [], webhook: true },
      },
    ]);
    assert.deepEqual(readBudgetChange({ filters: null, alerts: null }).filters, {});
  });

  const alert = (more: object): Fields => ({ alerts: [{ threshold: '80', ...more }] });
  const refused: readonly (readonly [Fields, RegExp])[] = [
    [{ amount: '0' }, /amount.*above zero/],
    [{ amount: '-1' }, /amount.*above zero/],
    [{ amount: 100 }, /amount/],
    [{ amount: '1e15' }, /15 digits/],
    [{ amount: '0.0000001' }, /6 after the point/],
    [{ grain: 'Week' }, /BillingPeriod, Month/],
    [{ view: 'both' }, /buying, selling/],
    [{ filters: [] }, /an object/],
    [{ filters: { account: ['x'] } }, /the names are subscription/],
    [{ filters: { location: 'east' } }, /list/],
    [{ filters: { location: [7] } }, /text/],
    [{ filters: { subscription: ['everybody'] } }, /GUID/],
    [{ filters: { tag: ['env'] } }, /NAME:VALUE/],
    [{ filters: { location: Array.from({ length: 101 }, (_, at) => `l${at}`) } }, /100 values/],
    [{ alerts: {} }, /list/],
    [{ alerts: ['80%'] }, /object/],
    [{ alerts: [{}] }, /threshold/],
    [alert({ threshold: '0.001' }), /0.01 to 1000/],
    [alert({ threshold: '1000.5' }), /0.01 to 1000/],
    [alert({ of: 'hope' }), /actual, forecast/],
    [alert({ unit: 'euros' }), /percent, amount/],
    [alert({ notify: [] }), /object/],
    [alert({ notify: { webhook: 'https://evil.example' } }), /true or false/],
    [alert({ notify: { emails: ['a@b.example\r\nBcc: c@d.example'] } }), /emails|one address/],
    [
      alert({ notify: { emails: Array.from({ length: 11 }, (_, at) => `a${at}@b.example`) } }),
      /10/,
    ],
    [{ alerts: Array.from({ length: 11 }, (_, at) => ({ threshold: `${at + 1}` })) }, /10 alerts/],
    [{ alerts: [{ threshold: '80' }, { threshold: '80.0', of: 'actual' }] }, /there once/],
  ];
  for (const [fields, message] of refused) {
    it(`is refused: ${JSON.stringify(fields).slice(0, 70)}`, () => {
      assert.throws(
        () => readBudgetChange(fields),
        (error: unknown) =>
          error instanceof StackmeterError &&
          error.code === 'InvalidProperty' &&
          message.test(error.message),
      );
    });
  }

  it('is read or refused with an error of the catalogue, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('amount', 'grain', 'view', 'filters', 'alerts'),
          fc.jsonValue(),
        ),
        (fields) => {
          try {
            readBudgetChange(fields);
          } catch (error) {
            assert.ok(error instanceof StackmeterError, String(error));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
