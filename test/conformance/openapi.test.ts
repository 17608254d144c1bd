import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { catalogue } from '../../src/kernel/index.ts';
import { OPENAPI_PATH, projectFolder } from '../../src/platform/index.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { cases, notGiven } from './cases/index.ts';
import { valueAt } from './check.ts';
import { send, type Answer } from './client.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

describe('openapi.json', () => {
  const test = withTestDatabase();
  describe('of a server that runs', () => {
    const started = withServer(test);
    let text = '';
    let operations: { path: string; method: string; operation: Operation }[] = [];

    const ask = (method: string, path: string): Promise<Answer> => {
      const { server } = started;
      const ca = readFileSync(server.caFile, 'utf8');
      return send(ca, { method, address: server.baseUrl + path, headers: {} });
    };

    before(async () => {
      text = (await ask('GET', OPENAPI_PATH)).body.toString('utf8');
      const document = JSON.parse(text) as Document;
      operations = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
      );
    });

    it('is what docs/reference holds', () => {
      const kept = readFileSync(join(projectFolder, 'docs/reference/openapi.json'), 'utf8');
      const equal = JSON.stringify(JSON.parse(kept)) === text;
      assert.ok(equal, 'out of date; write it with: sh bin/run scripts/openapi.ts --write');
    });

    it('has an id of its own and a summary for each route', () => {
      assert.ok(operations.length > 20, `only ${operations.length} operations`);
      const bare = operations.filter(({ operation }) => operation.summary === undefined);
      assert.deepEqual(
        bare.map(({ method, path }) => `${method} ${path}`),
        [],
        'describe these in config.operation of the route',
      );
      const ids = new Set(operations.map(({ operation }) => operation.operationId));
      assert.equal(ids.size, operations.length);
    });

    it('has no route that is not there', async () => {
      for (const { path, method, operation } of operations) {
        // Of directories there are some only.
        const filled = path
          .replace('{tenant}', 'common')
          .replace('{name}', 'stackmeter')
          .replaceAll(/\{.*?\}/g, 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6');
        const { status, body } = await ask(method.toUpperCase(), filled);
        const shown = `${method} ${path}: ${status} ${body.toString('utf8')}`;
        // Whoever has no such address is told that there is nothing, by the route itself.
        const isSecret =
          /\{token\}$|^\/portal\/assets\//.test(path) && Object.hasOwn(operation.responses, '404');
        assert.ok((status !== 404 || isSecret) && status !== 405, shown);
        assert.ok(Object.hasOwn(operation.responses, String(status)), shown);
      }
    });

    it('has a wire case for each error that it names', () => {
      const named = new Set(
        operations.flatMap(({ operation }) =>
          Object.values(operation.responses).flatMap(({ description }) =>
            [...description.matchAll(/^- `(\w+)`/gm)].map(([, code = '']) => code),
          ),
        ),
      );
      const known = new Set<string>(notGiven.map(({ code }) => code));
      for (const { steps } of cases) {
        for (const { expect } of steps) if (expect.code !== undefined) known.add(expect.code);
      }
      assert.ok(named.size > 20);
      for (const code of named) assert.ok(Object.hasOwn(catalogue, code), code);
      assert.deepEqual(
        [...named].filter((code) => !known.has(code)),
        [],
      );
    });

    it('refers to schemas that it has', () => {
      const document: unknown = JSON.parse(text);
      const references = [...text.matchAll(/"\$ref":"#(.*?)"/g)].map(([, pointer = '']) => pointer);
      assert.ok(references.length > 20);
      for (const pointer of references) assert.ok(valueAt(document, pointer), pointer);
    });
  });
});
