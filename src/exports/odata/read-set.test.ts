import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { parsePrincipalId, StackmeterError } from '../../kernel/index.ts';
import type { Principal } from '../../identity/index.ts';
import type { Tx } from '../../platform/index.ts';
import { parseFilter } from './filter/parse.ts';
import { readSet } from './read-set.ts';
import type { EntitySet } from './sets/set.ts';

const SLOW: EntitySet = {
  name: 'Slow',
  type: 'SlowThing',
  description: '',
  key: ['Id'],
  properties: [{ name: 'Id', type: 'Edm.Int32', nullable: false, description: '' }],
  from: 'generate_series(1, 2) as g (id)',
  columns: { Id: 'g.id' },
  order: [{ sql: 'g.id', type: 'int' }],
  sortable: false,
  reading: (database, _principal, work) =>
    database.transaction(async (tx) => {
      await tx.query('set local statement_timeout = 50');
      return work(tx);
    }),
};

const somebody: Principal = {
  kind: 'client',
  principalId: parsePrincipalId('33333333-0000-4000-8000-000000000000')!,
  tenantId: undefined!,
  name: 'somebody',
  grants: [],
};

describe('reading a set', () => {
  const test = withTestDatabase({ migrated: false });
  const filter = parseFilter('Id eq 1', SLOW);
  const read = (work: (tx: Tx) => Promise<unknown>): Promise<unknown> =>
    readSet(test.database, somebody, { set: SLOW, options: { filter, select: undefined } }, (tx) =>
      work(tx),
    );

  it('that takes too long says so, and what to do', async () => {
    await assert.rejects(
      read((tx) => tx.query('select pg_sleep(5)')),
      (error) =>
        error instanceof StackmeterError &&
        error.status === 400 &&
        /'Id eq 1' of \$filter.*Slow takes too long.*less at a time/.test(error.message),
    );
  });

  it('with a value out of the range of its type names the filter', async () => {
    const statements = [`select '0000-01-01'::date`, `select 1e40::numeric::int`, 'select 1 / 0'];
    for (const statement of statements) {
      await assert.rejects(
        read((tx) => tx.query(statement)),
        (error) =>
          error instanceof StackmeterError &&
          error.code === 'InvalidProperty' &&
          /out of range/.test(error.message),
        statement,
      );
    }
  });

  it('hides no fault of its own', async () => {
    await assert.rejects(
      read((tx) => tx.query('select nothing')),
      { code: '42703' },
    );
  });
});
