import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSubscriptionId } from '../../../kernel/index.ts';
import {
  offerResourceId,
  parseOfferReference,
  parsePlanReference,
  userOfferId,
} from './reference.ts';

const PROVIDER = parseSubscriptionId('11111111-1111-4111-8111-111111111111')!;

describe('ids of offers and plans', () => {
  it('are read back as they are written', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9._()-]{1,90}$/);
    fc.assert(
      fc.property(name, fc.boolean(), (given, ofDefaultProvider) => {
        const offer = {
          providerSubscriptionId: PROVIDER,
          ofDefaultProvider,
          resourceGroup: 'g',
          name: given,
        };
        const provider = ofDefaultProvider ? 'default' : PROVIDER;
        assert.deepEqual(parseOfferReference(userOfferId(offer)), { provider, name: given });
        const resource = { provider: PROVIDER, name: given };
        assert.deepEqual(parseOfferReference(offerResourceId(offer)), resource);
        assert.deepEqual(parseOfferReference(given), { provider: undefined, name: given });
      }),
    );
  });

  it('of a plan may lack the resource group, as the original writes them', () => {
    const base = `/subscriptions/${PROVIDER}`;
    const rest = 'providers/Microsoft.Subscriptions.Admin/plans/p1';
    for (const text of [`${base}/${rest}`, `${base}/resourceGroups/g/${rest}`, 'p1']) {
      assert.equal(parsePlanReference(text), 'p1');
    }
  });

  it('that are something else are none', () => {
    const others = ['', '/', '/offers/x', '/delegatedProviders/nobody/offers/x', 'a/b', "x'--"];
    for (const text of others) {
      assert.equal(parseOfferReference(text), undefined, text);
      assert.equal(parsePlanReference(`${text}/plans/`), undefined, text);
    }
  });
});
