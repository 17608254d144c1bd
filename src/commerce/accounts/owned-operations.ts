import type { ErrorCode } from '../../kernel/index.ts';
import {
  json,
  listAnswer,
  plainSchemas,
  type Operation,
  type OperationParameter,
  type Schema,
} from '../../platform/index.ts';

const { text, guid } = plainSchemas;

/** A parameter of the query. */
export function queryParameter(
  name: string,
  description: string,
  schema: Schema,
): OperationParameter {
  return { name, in: 'query', description, schema };
}

/** The parameter by which a list goes on. */
export const skipToken = queryParameter(
  '$skiptoken',
  'From the nextLink of the page before.',
  text,
);

/** What the routes tell of themselves by which things of accounts are listed, shown, made, changed and removed. */
export function ownedOperations({
  name,
  noun,
  common,
  notFound,
  schema,
  wanted,
  made = schema,
  told,
}: {
  /** As in `getExport`. */
  readonly name: string;
  /** As in `One export`. */
  readonly noun: string;
  readonly common: Pick<Operation, 'tag' | 'access' | 'surface'>;
  readonly notFound: ErrorCode;
  readonly schema: Schema;
  /** What may be said of one. */
  readonly wanted: Schema;
  /** One as it is answered when it was made. */
  readonly made?: Schema;
  readonly told: {
    readonly list: string;
    readonly put: string;
    readonly remove: string;
    /** What is left when it was removed. */
    readonly removed?: string;
  };
}): Readonly<Record<'list' | 'show' | 'put' | 'remove', Operation>> {
  const one = /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
  return {
    list: {
      ...common,
      id: `list${name}s`,
      summary: told.list,
      parameters: [queryParameter('account', 'Only those of this account.', guid)],
      answers: { 200: listAnswer('In the order in which they were made.', schema) },
      errors: ['BillingAccountNotFound'],
    },
    show: {
      ...common,
      id: `get${name}`,
      summary: `One ${noun}`,
      answers: { 200: { description: 'It.', contents: json(schema) } },
      errors: [notFound],
    },
    put: {
      ...common,
      id: `put${name}`,
      summary: `Makes ${one}, or changes it`,
      description:
        `What is left out of a change stays. It stays with its account. ${told.put}`.trim(),
      body: { required: true, contents: json(wanted) },
      answers: {
        200: { description: 'As it is now.', contents: json(schema) },
        201: { description: 'It is there now.', contents: json(made) },
      },
      errors: ['BillingAccountNotFound', 'Conflict'],
    },
    remove: {
      ...common,
      id: `delete${name}`,
      summary: told.remove,
      ...(told.removed !== undefined && { description: told.removed }),
      answers: { 204: { description: 'It is gone.' } },
      errors: [notFound],
    },
  };
}
