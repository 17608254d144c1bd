import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAccountId } from '../accounts/index.ts';
import { readParties } from './parties.ts';

const accountId = parseAccountId('11111111-1111-4111-8111-111111111111')!;
const PARTIES = {
  seller: { accountId, name: 'Seller', country: 'FR', taxId: 'FR1', city: 'Lille' },
  buyer: { accountId, name: 'Buyer', country: 'DE' },
  language: 'fr',
  period: { name: '202610-1', start: '2026-10-01', end: '2026-10-31' },
  paymentDays: 30,
  iban: 'FR76',
  customers: { [accountId]: 'Customer' },
};

describe('the parties of an invoice', () => {
  it('are read as they were kept', () => {
    assert.deepEqual(readParties(JSON.stringify(PARTIES)), PARTIES);
  });

  it('are refused when invoicing has not written them', () => {
    const wrong = [
      [],
      { ...PARTIES, seller: undefined },
      { ...PARTIES, buyer: { ...PARTIES.buyer, accountId: 'x' } },
      { ...PARTIES, buyer: { ...PARTIES.buyer, name: 1 } },
      { ...PARTIES, language: 'de' },
      { ...PARTIES, paymentDays: '30' },
    ];
    for (const one of wrong) assert.throws(() => readParties(JSON.stringify(one)), TypeError);
  });
});
