import { parseSubscriptionId } from '../../../kernel/index.ts';
import { groupKey } from '../../../identity/index.ts';
import {
  checkResourceName,
  invalidProperty,
  readTexts,
  requireText,
  type Fields,
} from '../../../platform/index.ts';
import type { MoveTarget } from './move.ts';
import type { RegistrationPlace } from './registration.ts';

const REGISTRATION =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.azurestack\/registrations\/([^/]+)\/?$/i;
const GROUP = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/?$/i;

const MOST_AT_ONCE = 100;

/**
 * Reads the body of a move.
 *
 * @param from the group from which the request was made; all have to be in it
 * @throws InvalidProperty
 */
export function readMove(
  fields: Fields,
  from: MoveTarget,
): { readonly places: readonly RegistrationPlace[]; readonly target: MoveTarget } {
  const texts = readTexts(fields, 'resources') ?? [];
  if (texts.length === 0 || texts.length > MOST_AT_ONCE) {
    const rule = `it names 1 to ${MOST_AT_ONCE} registrations`;
    throw invalidProperty('resources', String(texts.length), rule);
  }
  const places = texts.map((text) => {
    const place = parsePlace(text);
    if (place !== undefined && isIn(place, from)) return place;
    const rule = 'each one is the id of a registration in the group from which they are moved';
    throw invalidProperty('resources', text, rule);
  });
  return { places, target: readTarget(fields) };
}

/** Reads the id of a registration as a resource; undefined for anything else. */
export function parsePlace(text: string): RegistrationPlace | undefined {
  const [, id = '', resourceGroup = '', name = ''] = REGISTRATION.exec(text) ?? [];
  const subscriptionId = parseSubscriptionId(id);
  return subscriptionId && { subscriptionId, resourceGroup, name };
}

function isIn(place: RegistrationPlace, { subscriptionId, resourceGroup }: MoveTarget): boolean {
  return (
    place.subscriptionId === subscriptionId &&
    groupKey(place.resourceGroup) === groupKey(resourceGroup)
  );
}

function readTarget(fields: Fields): MoveTarget {
  const text = requireText(fields, 'targetResourceGroup', 500);
  const [, id = '', group = ''] = GROUP.exec(text) ?? [];
  const subscriptionId = parseSubscriptionId(id);
  if (subscriptionId === undefined) {
    const rule = 'it is /subscriptions/{id}/resourceGroups/{name}';
    throw invalidProperty('targetResourceGroup', text, rule);
  }
  return { subscriptionId, resourceGroup: checkResourceName('targetResourceGroup', group) };
}
