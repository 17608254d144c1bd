import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { dumpSchema } from '../../../test/support/schema-dump.ts';

const test = withTestDatabase();

it('schema.sql is what the migrations amount to', async () => {
  const golden = await readFile(join(import.meta.dirname, 'schema.sql'), 'utf8');
  const schema = await dumpSchema(test.database.pool);
  assert.match(schema, /^table schema_migration$/m, 'the dump sees the tables');
  assert.equal(schema, golden, 'bin/run scripts/dump-schema.ts --write writes it anew');
});
