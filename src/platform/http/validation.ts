import type { FastifySchema, FastifySchemaCompiler } from 'fastify';
import { Compile, type XSchema } from 'typebox/schema';
import { fail, type StackmeterError } from '../../kernel/index.ts';

interface Finding {
  readonly instancePath: string;
  readonly message: string;
}

/** The value at a JSON pointer, written as JSON. */
function quote(body: unknown, pointer: string): string {
  let value = body;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const holder: unknown = value;
    if (typeof holder !== 'object' || holder === null) return '';
    value = Object.entries(holder).find(([key]) => key === name)?.[1];
  }
  return value === undefined ? '' : JSON.stringify(value);
}

function propertyName(pointer: string): string {
  return pointer === '' ? 'the body' : pointer.slice(1).replaceAll('/', '.');
}

function invalid(body: unknown, findings: readonly Finding[]): StackmeterError {
  const problems = findings.map(({ instancePath, message }) => ({
    value: quote(body, instancePath),
    parameter: propertyName(instancePath),
    rule: message,
  }));
  const [first = { value: '', parameter: 'the body', rule: 'it has not the documented form' }] =
    problems;
  if (problems.length < 2) return fail('InvalidProperty', first);
  const details = problems.map((problem) => {
    const { code, message } = fail('InvalidProperty', problem);
    return { code, message };
  });
  return fail('InvalidProperty', first, { details });
}

/**
 * Checks bodies against their schema, exactly as they came: nothing is converted, filled in or
 * dropped, since a number that was text or a field that is misspelt has to be told to the sender.
 * Schemas of queries, headers and paths describe the interface only; their rules are the routes'
 * own.
 */
export const validatorCompiler: FastifySchemaCompiler<FastifySchema> = ({ schema, httpPart }) => {
  if (httpPart !== 'body') return () => true;
  const validator = Compile(schema as XSchema);
  return (body: unknown) => {
    if (validator.Check(body)) return true;
    const [, findings] = validator.Errors(body);
    return { error: invalid(body, findings) };
  };
};
