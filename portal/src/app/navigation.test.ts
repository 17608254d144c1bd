/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller } from '../api/types/me.ts';
import type { Settings } from '../auth/settings.ts';
import type { Viewer } from './area.ts';
import { areas, firstTexts } from './areas.ts';
import { navigationFor } from './navigation.ts';

const OWNER = [
  'Microsoft.Commerce/usageAggregates/read',
  'Stackmeter.Billing/accounts/read',
  'Stackmeter.Billing/charges/read',
  'Stackmeter.Billing/invoices/read',
  'Stackmeter.Billing/payments/read',
];

function viewerOf(some: Partial<Caller>, wings: Settings['wings'] = ['stamp', 'commerce']): Viewer {
  const settings = { issuer: '', clientId: '', scope: '', region: 'local', wings };
  return {
    settings,
    caller: {
      id: '',
      name: '',
      kind: 'user',
      tenantId: '',
      actions: [],
      anywhere: [],
      grants: [],
      ...some,
    },
  };
}

function pathsFor(viewer: Viewer): string[] {
  return navigationFor(viewer).flatMap(({ routes }) => routes.map(({ path }) => path));
}

const routes = areas.flatMap((area) => area.routes);

describe('the navigation', () => {
  it('has the first page alone for those who may do nothing', () => {
    assert.deepEqual(pathsFor(viewerOf({})), ['/']);
  });

  it('has usage, cost and invoices for an owner, and nothing of those who run the cloud', () => {
    const paths = pathsFor(viewerOf({ anywhere: OWNER }));
    for (const path of ['/', '/usage', '/cost', '/invoices', '/periods', '/payments']) {
      assert.ok(paths.includes(path), path);
    }
    for (const path of ['/quarantine', '/bridge', '/rating', '/audit', '/principals']) {
      assert.ok(!paths.includes(path), path);
    }
  });

  it('has no invoices where commerce does not run', () => {
    const paths = pathsFor(viewerOf({ anywhere: OWNER, actions: OWNER }, ['stamp']));
    assert.ok(paths.includes('/usage'));
    assert.ok(!paths.includes('/invoices') && !paths.includes('/payments'));
  });
});

describe('routes', () => {
  it('have an address each, and a title in both languages', () => {
    assert.ok(routes.length > 10);
    assert.equal(new Set(routes.map(({ path }) => path)).size, routes.length);
    for (const { path, title } of routes) {
      assert.match(path, /^\/(?:[a-z-]+(?:\/(?:[a-z-]+|\$[a-zA-Z]+))*)?$/);
      for (const texts of Object.values(firstTexts)) assert.ok(Object.hasOwn(texts, title), title);
    }
  });

  it('read any address without failing', () => {
    for (const { validateSearch, path } of routes) {
      assert.doesNotThrow(() => validateSearch?.({}), path);
      assert.doesNotThrow(
        () => validateSearch?.({ from: ['a', 'b'], to: '', state: 'x', top: '-1' }),
        path,
      );
    }
  });
});
