/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { draftOf, namesOf, newAdapter, readAdapter, type AdapterDraft } from './draft.ts';

const webhook: AdapterDraft = { ...newAdapter(), name: ' billing ', url: 'https://a.example/in ' };

function termsOf(draft: AdapterDraft, before?: AdapterDraft) {
  const read = readAdapter(draft, 'a', before);
  assert.ok('terms' in read, JSON.stringify(read));
  return read.terms;
}

function faultsOf(draft: AdapterDraft, before?: AdapterDraft): string[] {
  const read = readAdapter(draft, 'a', before);
  return 'faults' in read ? [...read.faults] : [];
}

describe('an adapter that is written', () => {
  it('sends only what belongs to its kind', () => {
    const settings = { meters: {}, customers: {}, includeFree: false };
    assert.deepEqual(termsOf({ ...webhook, secret: 'left over', startDay: '2026-11-01' }), {
      name: 'billing',
      accountId: 'a',
      kind: 'webhook',
      startWindow: '2026-11-01T00:00:00Z',
      settings: { ...settings, url: 'https://a.example/in' },
    });
    assert.deepEqual(termsOf({ ...webhook, kind: 'csv' }).settings, settings);
    const stripe = termsOf({ ...webhook, kind: 'stripe', url: '', secret: 'k', decimals: '3' });
    assert.deepEqual([stripe.secret, stripe.settings], ['k', { ...settings, decimals: 3 }]);
  });

  it('says what is missing or wrong', () => {
    assert.deepEqual(faultsOf(newAdapter()), ['name', 'url']);
    assert.deepEqual(faultsOf({ ...webhook, url: 'http://a.example' }), ['url']);
    assert.deepEqual(faultsOf({ ...webhook, kind: 'lago', url: '' }), ['secret']);
    assert.deepEqual(faultsOf({ ...webhook, meters: 'no name' }), ['meters']);
    assert.deepEqual(faultsOf({ ...webhook, customers: 'a = 1\nA = 2' }), ['customers']);
    const stripe = { ...webhook, kind: 'stripe' as const, secret: 'k' };
    assert.deepEqual(faultsOf({ ...stripe, decimals: '13' }), ['decimals']);
  });

  it('keeps its key as long as its address stays', () => {
    const before = { ...webhook, kind: 'lago' as const };
    assert.ok(!('kind' in termsOf(before, before)) && !('accountId' in termsOf(before, before)));
    assert.deepEqual(faultsOf({ ...before, url: 'https://b.example' }, before), ['secret']);
    // An address is not taken away: the service would keep the one it has.
    assert.deepEqual(faultsOf({ ...before, url: '' }, before), ['url', 'secret']);
  });

  it('keeps its key as long as the same authority vouches for the address', () => {
    const before = { ...webhook, kind: 'lago' as const, ca: 'one\n' };
    assert.equal(termsOf({ ...before, ca: 'one' }, before).settings.ca, 'one');
    assert.deepEqual(faultsOf({ ...before, ca: 'two' }, before), ['secret']);
    assert.deepEqual(faultsOf({ ...before, ca: '' }, before), ['secret']);
    const moved = termsOf({ ...before, ca: '', secret: 'k' }, before);
    assert.deepEqual([moved.settings.ca, moved.secret], [null, 'k']);
    assert.ok(!('ca' in termsOf({ ...webhook, ca: '' }, webhook).settings));
  });

  it('is written from what there is', () => {
    const settings = { url: 'https://a.example', meters: { m: 'api_calls' }, includeFree: true };
    const draft = draftOf({
      adapterId: 'i',
      name: 'n',
      kind: 'webhook',
      accountId: 'a',
      state: 'Enabled',
      settings,
    });
    assert.equal(draft.meters, 'm = api_calls');
    assert.deepEqual(termsOf(draft, draft).settings, { ...settings, customers: {} });
  });
});

describe('names', () => {
  it('are read line by line', () => {
    assert.deepEqual(namesOf('\n A-1 =  first name \nb=2=3\n'), { 'a-1': 'first name', b: '2=3' });
    assert.equal(namesOf('= x'), undefined);
    assert.equal(namesOf('x ='), undefined);
  });
});
