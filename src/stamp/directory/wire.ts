import { fail } from '../../kernel/index.ts';
import { json, type OperationAnswer, type Schema } from '../../platform/index.ts';

/** A resource of the namespace as answers have it. */
export interface WireResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Whose resource, in which group, of which type and name; the type may have a parent: `offers/gold/offerDelegations`. */
export interface ResourcePlace {
  readonly provider: string;
  readonly resourceGroup: string;
  readonly path: readonly (readonly [type: string, name: string])[];
}

export function resourceId({ provider, resourceGroup, path }: ResourcePlace): string {
  const rest = path.map(([type, name]) => `/${type}/${name}`).join('');
  return `/subscriptions/${provider}/resourceGroups/${resourceGroup}/providers/Microsoft.Subscriptions.Admin${rest}`;
}

export function toResource(
  place: ResourcePlace,
  location: string,
  properties: Readonly<Record<string, unknown>>,
): WireResource {
  return {
    id: resourceId(place),
    name: place.path.map(([, name]) => name).join('/'),
    type: `Microsoft.Subscriptions.Admin/${place.path.map(([type]) => type).join('/')}`,
    location,
    properties,
  };
}

/** @throws ResourceNotFound, also for what is in another group or another provider's */
export function resourceNotFound(type: string, name: string, resourceGroup: string): Error {
  return fail('ResourceNotFound', {
    type: `Microsoft.Subscriptions.Admin/${type}`,
    name,
    resourceGroup,
  });
}

/** Conflict: what was read was gone before it could be written. */
export function overtaken(): Error {
  return fail('Conflict', { reason: 'another change came between' });
}

export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export function resourceSchema(properties: Schema): Schema {
  return {
    type: 'object',
    required: ['id', 'name', 'type', 'properties'],
    properties: {
      id: { type: 'string' },
      name: { type: 'string' },
      type: { type: 'string' },
      location: { type: 'string' },
      properties,
    },
  };
}

/** Answers of a PUT. */
export function putAnswers(
  what: string,
  schema: Schema,
): Readonly<Record<number, OperationAnswer>> {
  return {
    200: { description: `${what} was there and is as sent now.`, contents: json(schema) },
    201: { description: `${what} is there now.`, contents: json(schema) },
  };
}

/** Answers of a DELETE. */
export const DELETE_ANSWERS: Readonly<Record<number, OperationAnswer>> = {
  200: { description: 'It was there and is gone.' },
  204: { description: 'There was nothing.' },
};
