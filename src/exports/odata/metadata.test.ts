import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setsOf } from './feed.ts';
import { metadataXml } from './metadata.ts';

const NAME = /^[A-Z][A-Za-z0-9]{0,127}$/;
const TYPES = [
  'Edm.String',
  'Edm.Guid',
  'Edm.Decimal',
  'Edm.Int32',
  'Edm.Boolean',
  'Edm.Date',
  'Edm.DateTimeOffset',
];

describe('the schema of the feed', () => {
  const sets = setsOf(['stamp', 'commerce']);

  it('says of each set what the rules of the language ask for', () => {
    const names = sets.flatMap(({ name, type }) => [name, type]);
    assert.equal(new Set(names).size, names.length);
    for (const { name, type, key, properties, columns, order, description } of sets) {
      for (const one of [name, type]) assert.match(one, NAME);
      assert.match(description, /^[A-Z].*\.$/s);
      const known = new Map(properties.map((property) => [property.name, property]));
      assert.equal(known.size, properties.length, `${name}: each name once`);
      assert.ok(key.length > 0, `${name} has a key`);
      for (const one of key) assert.equal(known.get(one)?.nullable, false, `${name}.${one}`);
      for (const property of properties) {
        assert.match(property.name, NAME);
        assert.ok(TYPES.includes(property.type), property.type);
        assert.match(property.description, /^[A-Z].*\.$/s, `${name}.${property.name}`);
      }
      assert.deepEqual(Object.keys(columns).toSorted(), [...known.keys()].toSorted(), name);
      assert.ok(order.length > 0);
    }
  });

  it('is XML in which every mark is closed and every text is escaped', () => {
    const text = metadataXml([
      { name: 'A', type: 'B', description: '<&">', key: ['C'], properties: [] },
      ...sets,
    ]);
    const open: string[] = [];
    for (const [, closes, name = '', attributes = '', closed] of text.matchAll(
      /<(\/?)([\w:]+)((?:\s+[\w:.]+="[^"<]*")*)\s*(\/?)>/g,
    )) {
      assert.doesNotMatch(attributes, /&(?!amp;|lt;|gt;|quot;)/);
      if (closes === '/') assert.equal(open.pop(), name);
      else if (closed !== '/') open.push(name);
    }
    assert.deepEqual(open, []);
    const marks = text.replace(/^<\?xml[^>]*\?>/, '').match(/</g)?.length ?? 0;
    assert.equal(
      [...text.matchAll(/<\/?[\w:]+(?:\s+[\w:.]+="[^"<]*")*\s*\/?>/g)].length,
      marks - 0,
    );
    assert.ok(text.includes('String="&lt;&amp;&quot;&gt;"'));
  });

  it('has the sets of the parts that run', () => {
    assert.deepEqual(
      setsOf(['commerce']).map(({ name }) => name),
      ['Costs', 'Invoices', 'InvoiceLines'],
    );
    assert.ok(setsOf(['stamp']).every(({ name }) => name !== 'Costs'));
  });
});
