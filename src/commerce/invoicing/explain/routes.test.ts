import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Decimal, type SubscriptionId } from '../../../kernel/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import type { FullInvoice } from '../invoice.ts';
import { grantOf, METERS, OCTOBER, withInvoiced } from './test-invoiced.ts';

const d = (text: string): Decimal => Decimal.parse(text)!;

describe('explanations along a chain of resellers', () => {
  const invoiced = withInvoiced();
  let partner: { account: AccountId; subscription: SubscriptionId };
  let customer: SubscriptionId;
  let stranger: SubscriptionId;
  let toCustomer: FullInvoice;
  let toPartner: FullInvoice;

  before(async () => {
    partner = await invoiced.addPartner();
    await invoiced.price(partner.account, { priceListId: 'tiers' });
    customer = await invoiced.addCustomer(partner.account);
    stranger = await invoiced.addCustomer(partner.account);
    await invoiced.price(await invoiced.accountOf(customer), { markupPercent: d('20') });
    const stamp = await invoiced.addStamp(customer);
    await invoiced.report(stamp, OCTOBER + 1, [
      { customer, meterId: METERS.baseVm, usageHour: OCTOBER, quantity: '10' },
    ]);
    await invoiced.rate();
    toPartner = await invoiced.issue(partner.account);
    toCustomer = await invoiced.issue(await invoiced.accountOf(customer));
  });

  const pathOf = ({ number }: FullInvoice, more = ''): string =>
    `${number}/lines/1/explanation${more}`;

  it('show the seller the markup, and the buyer its price alone', async () => {
    const seller = await invoiced.ask(pathOf(toCustomer), grantOf('Owner', partner.subscription));
    assert.equal(seller.status, 200, seller.text);
    assert.partialDeepStrictEqual(seller.body, {
      price: {
        priceListId: 'tiers',
        factor: '1.2',
        chain: [{ accountId: await invoiced.accountOf(customer), markupPercent: '20' }],
        item: { kind: 'graduated' },
      },
    });
    const buyer = await invoiced.ask(pathOf(toCustomer), grantOf('BillingReader', customer));
    assert.equal(buyer.status, 200, buyer.text);
    assert.partialDeepStrictEqual(buyer.body, {
      price: { group: { amount: '6', steps: [{ unitPrice: '0.6', amount: '6' }] } },
    });
    assert.doesNotMatch(buyer.text, /tiers|markup|factor|chain|"item"/);
    const operator = await invoiced.ask(pathOf(toCustomer));
    assert.match(operator.text, /markupPercent/);
  });

  it('are not there for anybody else, whether or not there is an invoice', async () => {
    for (const [invoice, grants] of [
      [toCustomer, grantOf('Owner', stranger)],
      [toPartner, grantOf('Owner', customer)],
      [toPartner, grantOf('Owner', stranger)],
      [toCustomer, []],
      [{ ...toCustomer, number: 'NONE-2026-000001' }, grantOf('Owner', customer)],
    ] as const) {
      const { status, code } = await invoiced.ask(pathOf(invoice), grants);
      assert.deepEqual([status, code], [404, 'InvoiceNotFound']);
    }
    const emitter = await invoiced.ask(pathOf(toCustomer), grantOf('Emitter', customer));
    assert.equal(emitter.status, 404);
  });

  it('have rows and records when a resource and a day are asked for', async () => {
    invoiced.recordsOf = async () => ({
      state: 'found',
      more: false,
      records: [
        {
          recordKey: 'key',
          usageStart: Temporal.Instant.from('2026-10-01T00:00Z'),
          usageEnd: Temporal.Instant.from('2026-10-01T01:00Z'),
          quantity: d('10'),
        },
      ],
    });
    const path = pathOf(toCustomer, '?Resource=VM&day=2026-10-01');
    const { status, body, text } = await invoiced.ask(path, grantOf('Reader', customer));
    assert.equal(status, 200, text);
    assert.partialDeepStrictEqual(body, {
      line: { exactAmount: '6', amount: '6' },
      charge: { before: { amount: '0' }, after: { amount: '6' } },
      resources: { value: [{ quantity: '10', amount: '6', days: [{ day: '2026-10-01' }] }] },
      day: {
        isExample: false,
        rows: [
          {
            window: '2026-10-01T01Z',
            batch: 1,
            mapping: null,
            quantity: '10',
            records: { state: 'found', value: [{ recordKey: 'key', quantity: '10' }] },
          },
        ],
      },
    });
    for (const wrong of ['?day=soon', '?day=2026-13-01', '?after=x']) {
      assert.equal((await invoiced.ask(pathOf(toCustomer, wrong))).code, 'InvalidProperty', wrong);
    }
    for (const line of ['0', 'x', '99', '1e9']) {
      const asked = await invoiced.ask(`${toCustomer.number}/lines/${line}/explanation`);
      assert.equal(asked.code, 'InvoiceLineNotFound', line);
    }
  });
});
