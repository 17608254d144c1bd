import assert from 'node:assert/strict';
import { isJsonObject } from '../../../src/kernel/index.ts';
import type { Caller } from './https.ts';

/** A parameter of an operation, as the interface description has it. */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** An operation of the interface description. */
export interface Operation {
  /** Of its kind: the same for the operation at several paths. */
  readonly id: string;
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  readonly isProtected: boolean;
  readonly parameters: readonly Parameter[];
  /** Media types of its body, none without one. */
  readonly types: readonly string[];
}

/** Every operation that the server says it has. */
export async function readOperations(caller: Caller): Promise<Operation[]> {
  const { text } = await caller.ask({ path: '/api/v1/openapi.json' });
  const document: unknown = JSON.parse(text);
  assert.ok(isJsonObject(document) && isJsonObject(document['paths']));
  const operations = Object.entries(document['paths']).flatMap(([path, item]) => {
    assert.ok(isJsonObject(item));
    return Object.entries(item).map(([method, operation]) => toOperation(method, path, operation));
  });
  assert.ok(operations.length > 100, `only ${operations.length} operations`);
  return operations;
}

function toOperation(method: string, path: string, operation: unknown): Operation {
  assert.ok(isJsonObject(operation), path);
  const { operationId, security, requestBody, parameters } = operation;
  const list: readonly unknown[] = Array.isArray(parameters) ? parameters : [];
  const content = isJsonObject(requestBody) ? requestBody['content'] : undefined;
  return {
    id: String(operationId).replace(/\d+$/, ''),
    method: method.toUpperCase(),
    path,
    isProtected: Array.isArray(security) && security.length > 0,
    parameters: list.map((each) => {
      assert.ok(isJsonObject(each) && isJsonObject(each['schema']), path);
      return { name: String(each['name']), in: String(each['in']), schema: each['schema'] };
    }),
    types: isJsonObject(content) ? Object.keys(content) : [],
  };
}

const WELL_KNOWN: Readonly<Record<string, string>> = {
  reportedStartTime: '2018-06-01T00:00:00Z',
  reportedEndTime: '2018-06-03T00:00:00Z',
  from: '2018-06-01T00:00:00Z',
  to: '2018-06-03T00:00:00Z',
  start_time: '2018-06-01T00:00:00Z',
  end_time: '2018-06-03T00:00:00Z',
};

/** A value that is right for the parameter, where one has to be given; undefined where it may be left out. */
export function valueOf({ name, in: place, schema }: Parameter): string | undefined {
  if (place === 'path') return `some-${name}`;
  const known = WELL_KNOWN[name];
  if (known !== undefined) return known;
  if (name !== 'api-version') return undefined;
  const choice = schema['enum'] ?? schema['examples'];
  return Array.isArray(choice) ? String(choice[0]) : '2015-11-01';
}

/** The target of a request: `values` are put in by name, other parameters are right or left out. */
export function targetOf(
  { path, parameters }: Operation,
  values: Readonly<Record<string, string>>,
): string {
  const given = (parameter: Parameter): string | undefined =>
    values[parameter.name] ?? valueOf(parameter);
  let filled = path;
  const query = new URLSearchParams();
  for (const parameter of parameters) {
    const value = given(parameter);
    if (value === undefined) continue;
    if (parameter.in === 'path') {
      filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value));
    } else if (parameter.in === 'query') {
      query.set(parameter.name, value);
    }
  }
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}
