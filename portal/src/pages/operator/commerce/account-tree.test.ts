import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccountDetail } from '../../../api/types/commerce.ts';
import { treeOf } from './account-tree.ts';

function account(accountId: string, name: string, parentId?: string): AccountDetail {
  const rest = { kind: 'customer', currency: 'EUR', timeZone: 'UTC' } as const;
  return { accountId, name, ...rest, ...(parentId !== undefined && { parentId }) };
}

describe('the tree of accounts', () => {
  it('has each buyer below its seller, by name', () => {
    const accounts = [
      account('c', 'Zoe', 'b'),
      account('b', 'Partner', 'a'),
      account('d', 'Anna', 'b'),
      account('a', 'Provider'),
      account('e', 'Direct', 'a'),
    ];
    assert.deepEqual(
      treeOf(accounts).map(({ account: { name }, level, seller }) => [level, name, seller?.name]),
      [
        [0, 'Provider', undefined],
        [1, 'Direct', 'Provider'],
        [1, 'Partner', 'Provider'],
        [2, 'Anna', 'Partner'],
        [2, 'Zoe', 'Partner'],
      ],
    );
  });

  it('begins with those whose seller is not listed', () => {
    const placed = treeOf([account('c', 'Customer', 'not listed')]);
    assert.deepEqual(
      placed.map(({ level, seller }) => [level, seller]),
      [[0, undefined]],
    );
  });
});
