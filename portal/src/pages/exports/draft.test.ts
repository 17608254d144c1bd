/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { datasetsFor, draftOf, missingIn, newExport, termsOf } from './draft.ts';

const wings = ['stamp', 'commerce'];

describe('what can be exported', () => {
  it('depends on the account and on the server', () => {
    const costs = ['focus-1.4', 'focus-1.2'];
    const customer = { isProvider: false, isSeller: false, wings };
    assert.deepEqual(datasetsFor(customer), costs);
    assert.deepEqual(datasetsFor({ ...customer, isSeller: true }), [...costs, 'journal']);
    const provider = { isProvider: true, isSeller: true, wings };
    assert.deepEqual(datasetsFor(provider), [...costs, 'usage-summary', 'journal']);
    assert.deepEqual(datasetsFor({ ...provider, wings: ['stamp'] }), ['usage-summary']);
  });
});

describe('an export that is written', () => {
  const draft = { ...newExport('buying'), name: ' costs ' };

  it('has a folder of its own unless one is named', () => {
    assert.equal(termsOf(draft, 'a').destination, undefined);
    assert.equal(termsOf(draft, 'a').name, 'costs');
    const named = termsOf({ ...draft, path: 'focus/a' }, 'a');
    assert.deepEqual(named.destination, { kind: 'folder', path: 'focus/a' });
  });

  it('says what is missing of a bucket', () => {
    assert.deepEqual([...missingIn(newExport('buying'))], ['name']);
    const lacking = missingIn({ ...draft, kind: 's3', endpoint: 'https://s3.example' });
    assert.deepEqual([...lacking], ['bucket', 'accessKeyId', 'secret']);
  });

  it('is written from what there is, and keeps the key of its bucket', () => {
    const place = { endpoint: 'https://s3.example', region: 'eu', bucket: 'b', prefix: 'p' };
    const destination = { kind: 's3' as const, ...place, accessKeyId: 'k' };
    const before = draftOf({
      ...termsOf(draft, 'a'),
      exportId: 'e',
      destination,
      state: 'Enabled',
      createdAt: '2026-11-24T00:00:00Z',
    });
    assert.deepEqual([...missingIn(before, before)], []);
    assert.deepEqual(termsOf(before, 'a').destination, destination);
    const moved = { ...before, bucket: 'other' };
    assert.deepEqual([...missingIn(moved, before)], ['secret']);
    const given = termsOf({ ...moved, secret: 's' }, 'a').destination;
    assert.deepEqual(given, { ...destination, bucket: 'other', secretAccessKey: 's' });
  });

  it('sends only what goes together', () => {
    const hub = termsOf({ ...draft, layout: 'finops-hub', format: 'csv' }, 'a');
    assert.equal(hub.format, 'parquet');
    const journal = termsOf({ ...draft, dataset: 'journal', layout: 'finops-hub' }, 'a');
    assert.deepEqual([journal.view, journal.layout, journal.format], ['selling', 'plain', 'csv']);
    assert.ok(!('granularity' in journal));
    const usage = termsOf({ ...draft, dataset: 'usage-summary', granularity: 'hourly' }, 'a');
    assert.equal(usage.granularity, 'hourly');
  });
});
