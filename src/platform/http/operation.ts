import type { ErrorCode } from '../../kernel/index.ts';

/** A JSON Schema (draft 2020-12) as plain data. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

const NAME = Symbol('name of a schema');

/** A schema that the document holds once, under this name, and refers to everywhere else. */
export function named(name: string, schema: Schema): Schema {
  return { ...schema, [NAME]: name };
}

export function nameOf(schema: object): string | undefined {
  return NAME in schema ? String(schema[NAME]) : undefined;
}

/** A parameter of the query or a header; those of the path follow from the route. */
export interface OperationParameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly required?: boolean;
  readonly description: string;
  readonly schema: Schema;
}

/** Schemas of a body by media type. */
export type Contents = Readonly<Record<string, Schema>>;

export interface OperationAnswer {
  readonly description: string;
  readonly contents?: Contents;
  /** Descriptions of headers by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What single values look like, where there is no more to say of them. */
export const plainSchemas = {
  text: { type: 'string' },
  guid: { type: 'string', format: 'uuid' },
  time: { type: 'string', format: 'date-time' },
  decimal: { type: 'string', description: 'A decimal number as text.' },
} as const satisfies Readonly<Record<string, Schema>>;

/** Contents that come in JSON alone. */
export function json(schema: Schema): Contents {
  return { 'application/json': schema };
}

/** The answer of a list as the resource manager gives it: `value`, and `nextLink` while there is more. */
export function listAnswer(description: string, item: Schema): OperationAnswer {
  const value = { type: 'array', items: item };
  const nextLink = { type: 'string', format: 'uri', description: 'Absent on the last page.' };
  return {
    description,
    contents: json({ type: 'object', required: ['value'], properties: { value, nextLink } }),
  };
}

/**
 * What a route tells of itself in the interface description. It describes and does nothing: names of parameters match
 * without case and bodies are written by hand, neither of which a schema that is enforced could do.
 */
export interface Operation {
  /** Name for generated clients, like `listMeters`. */
  readonly id: string;
  readonly tag:
    | 'usage'
    | 'intake'
    | 'quarantine'
    | 'meters'
    | 'identity'
    | 'authorization'
    | 'audit'
    | 'directory'
    | 'resources'
    | 'registration'
    | 'bridge'
    | 'reported usage'
    | 'commerce'
    | 'prices'
    | 'billing accounts'
    | 'charges'
    | 'invoices'
    | 'webhooks'
    | 'budgets'
    | 'analysis'
    | 'exports'
    | 'adapters'
    | 'portal'
    | 'server';
  readonly summary: string;
  readonly description?: string;
  /** How the caller shows who it is: not at all, by a token, or by a token or a client's key. */
  readonly access: 'public' | 'token' | 'token or key';
  /** Operators only: where tenants have a listener of their own, this is not there. */
  readonly surface?: 'operator';
  /** The route has limits of its own and takes nothing from the caller's budget of requests. */
  readonly budget?: 'none';
  /** Its path holds what only the caller may know: the log of requests shows the route in place of it. */
  readonly secretPath?: true;
  readonly parameters?: readonly OperationParameter[];
  readonly body?: { readonly contents: Contents; readonly required: boolean };
  /** Answers that are not errors, by status. */
  readonly answers: Readonly<Record<number, OperationAnswer>>;
  /** Codes of its own; those that any route can give are added. */
  readonly errors?: readonly ErrorCode[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
}
