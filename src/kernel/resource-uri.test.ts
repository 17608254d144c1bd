import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseResourceUri } from './resource-uri.ts';

const id = '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f60';
const base = `/subscriptions/${id}`;
const whole = `${base}/resourceGroups/g/providers/N/t/n`;

describe('parseResourceUri', () => {
  it('reads the parts of a resource in a group', () => {
    const text = `${base}/resourceGroups/web-rg/providers/Microsoft.Compute/virtualMachines/web01`;
    assert.deepEqual(parseResourceUri(text), {
      text,
      subscriptionId: id,
      resourceGroup: 'web-rg',
      provider: 'Microsoft.Compute',
      type: 'virtualMachines',
      name: 'web01',
      segments: text.slice(1).split('/'),
    });
  });

  it('finds the fixed words in any case, and keeps the text as received', () => {
    const text = `/SUBSCRIPTIONS/${id.toUpperCase()}/resourcegroups/WEB-RG/Providers/Microsoft.Storage/storageaccounts/a`;
    const uri = parseResourceUri(text);
    assert.equal(uri?.text, text);
    assert.equal(uri?.subscriptionId, id);
    assert.equal(uri?.resourceGroup, 'WEB-RG');
    assert.equal(uri?.type, 'storageaccounts');
  });

  it('reads a resource of the subscription itself', () => {
    const uri = parseResourceUri(`${base}/providers/Microsoft.Web/workerTiers/Shared`);
    assert.equal(uri?.resourceGroup, undefined);
    assert.equal(uri?.provider, 'Microsoft.Web');
    assert.equal(uri?.name, 'Shared');
  });

  it('joins the types and the names of nested resources', () => {
    const uri = parseResourceUri(
      `${base}/resourceGroups/db/providers/Microsoft.Sql/servers/sql1/databases/orders`,
    );
    assert.equal(uri?.type, 'servers/databases');
    assert.equal(uri?.name, 'sql1/orders');
  });

  it('reads an extension of another resource as the extension', () => {
    const uri = parseResourceUri(
      `${base}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm/providers/Contoso.Backup/vaults/v`,
    );
    assert.equal(uri?.provider, 'Contoso.Backup');
    assert.equal(uri?.type, 'vaults');
    assert.equal(uri?.name, 'v');
  });

  it('gives the parts of which any URI was made back', () => {
    const word = fc
      .string({
        minLength: 1,
        maxLength: 12,
        unit: fc.constantFrom(...'aZ09-_.() é%+~,;=@&$!:'.split('')),
      })
      .filter((text) => text !== '.' && text !== '..' && text.toLowerCase() !== 'providers');
    const pairs = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 3 });
    const group = fc.option(word, { nil: undefined });
    fc.assert(
      fc.property(fc.uuid(), group, word, pairs, (subscription, inGroup, provider, names) => {
        const path = names.map((pair) => pair.join('/')).join('/');
        const middle = inGroup === undefined ? '' : `/resourceGroups/${inGroup}`;
        const text = `/subscriptions/${subscription}${middle}/providers/${provider}/${path}`;
        const uri = parseResourceUri(text);
        assert.equal(uri?.subscriptionId, subscription);
        assert.equal(uri?.resourceGroup, inGroup);
        assert.equal(uri?.provider, provider);
        assert.equal(uri?.type, names.map(([type]) => type).join('/'));
        assert.equal(uri?.name, names.map(([, name]) => name).join('/'));
        assert.equal(`/${uri?.segments.join('/')}`, text);
      }),
      { numRuns: 1000 },
    );
  });

  const refused = {
    'what stops before the name of a resource': [
      '',
      '/',
      base,
      `${base}/`,
      `${base}/resourceGroups/g`,
      `${base}/resourceGroups/g/providers`,
      `${base}/resourceGroups/g/providers/N`,
      `${base}/resourceGroups/g/providers/N/t`,
      `${whole}/t2`,
      `${whole}/providers/M`,
      `${whole}/providers/M/t`,
    ],
    'what has no provider, or two groups': [
      `${base}/t/n`,
      `${base}/resourceGroups/g/t/n`,
      `${base}/resourceGroups/g/resourceGroups/h/providers/N/t/n`,
    ],
    'other fixed words': [
      whole.replace('subscriptions', 'subscription'),
      whole.replace('resourceGroups', 'resourceGroup'),
      whole.replace('providers', 'provider'),
    ],
    'a subscription that is no GUID': [whole.replace(id, 'not-a-guid'), whole.replace(id, '')],
    'relative and full addresses': [whole.slice(1), ` ${whole}`, `https://host${whole}`],
    'empty and relative segments': [
      `${whole}/`,
      `/${whole}`,
      whole.replace('/g/', '//'),
      whole.replace('/g/', '/../'),
      whole.replace('/n', '/.'),
    ],
    'backslashes, queries and unprintable text': [
      whole.replaceAll('/', '\\'),
      `${whole}\\x`,
      `${whole}?a=1`,
      `${whole}#a`,
      `${whole}\n`,
      `${whole}\u0000`,
      `${whole}\ud800`,
    ],
  };
  for (const [kind, texts] of Object.entries(refused)) {
    it(`refuses ${kind}`, () => {
      for (const text of texts) assert.equal(parseResourceUri(text), undefined, text);
    });
  }
});
