import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { xml2json } from 'odata-csdl';
import { validateXML } from 'xmllint-wasm';
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

const KEY = { name: 'C', type: 'Edm.String', nullable: false, description: 'Its key.' } as const;

/** What is wrong with a text by the schemas that OASIS publishes with the standard. */
async function faultsOf(text: string): Promise<readonly string[]> {
  const { resolve } = createRequire(import.meta.url);
  const schema = async (fileName: string) => ({
    fileName,
    contents: await readFile(resolve(`odata-csdl/schemas/${fileName}`), 'utf8'),
  });
  const { errors } = await validateXML({
    xml: [{ fileName: 'metadata.xml', contents: text }],
    schema: [await schema('edmx.xsd')],
    preload: [await schema('edm.xsd')],
  });
  return errors.map(({ message }) => message);
}

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

  const shapes = [
    { name: 'A', type: 'B', description: '<&">\u00e9', key: ['C'], properties: [KEY] },
    ...sets,
  ];

  it('is valid by the schemas of the standard', async () => {
    const text = metadataXml(shapes);
    assert.deepEqual(await faultsOf(text), []);
    assert.ok(text.includes('String="&lt;&amp;&quot;&gt;\u00e9"'));
    const spoilt: readonly (readonly [what: string, by: string])[] = [
      ['Nullable="false"', 'Nullable="no"'],
      ['<EntitySet ', '<Entityset '],
      ['Scale="variable"', 'Scale="many"'],
      ['<PropertyRef Name', '<PropertyRef Property'],
      ['</Key>', ''],
    ];
    for (const [what, by] of spoilt) {
      assert.notDeepEqual(await faultsOf(text.replace(what, by)), [], by);
    }
  });

  it('is read by the converter of the standard, with the types that its sets name', () => {
    const messages: unknown[] = [];
    const schema = xml2json(metadataXml(shapes), { strict: true, messages });
    assert.deepEqual(messages, []);
    const { $EntityContainer: container, Stackmeter: types } = schema as {
      readonly $EntityContainer: string;
      readonly Stackmeter: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    assert.equal(container, 'Stackmeter.Feed');
    for (const { name, type, key, properties } of shapes) {
      const set = types['Feed']?.[name] as { readonly $Type: string };
      assert.equal(set.$Type, `Stackmeter.${type}`);
      assert.deepEqual(types[type]?.['$Key'], key);
      const names = Object.keys(types[type] ?? {}).filter((one) => /^[A-Z]/.test(one));
      assert.deepEqual(
        names,
        properties.map((property) => property.name),
      );
    }
  });

  it('has the sets of the parts that run', () => {
    assert.deepEqual(
      setsOf(['commerce']).map(({ name }) => name),
      ['Costs', 'Invoices', 'InvoiceLines'],
    );
    assert.ok(setsOf(['stamp']).every(({ name }) => name !== 'Costs'));
  });
});
