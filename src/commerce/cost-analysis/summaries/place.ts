import { hash } from 'node:crypto';
import { comparisonKey } from '../../../analysis/index.ts';
import { isJsonObject, parseResourceUri } from '../../../kernel/index.ts';

/** A resource as a stamp reported it. */
export interface ReportedTexts {
  /** Of the stamp. */
  readonly subscriptionId: string;
  readonly resourceUri: string;
  readonly location: string;
  /** JSON, or whatever else was emitted. */
  readonly tags: string;
}

/** Where a resource is, and what it is tagged with: what many resources share. */
export interface Place {
  readonly subscriptionId: string;
  /** As emitted; empty for what belongs to the subscription itself. */
  readonly resourceGroup: string;
  readonly groupKey: string;
  /** Like Microsoft.Compute/virtualMachines; empty where the id of the resource cannot be read. */
  readonly resourceType: string;
  readonly typeKey: string;
  readonly location: string;
  readonly locationKey: string;
  /** Values by name, names as they compare. */
  readonly tags: Readonly<Record<string, string>>;
  /** Of all that tells one place from another. */
  readonly digest: Buffer;
}

export function placeOf({ subscriptionId, resourceUri, location, tags }: ReportedTexts): Place {
  const uri = parseResourceUri(resourceUri);
  const resourceGroup = uri?.resourceGroup ?? '';
  const resourceType = uri === undefined ? '' : `${uri.provider}/${uri.type}`;
  const keys = [resourceGroup, resourceType, location].map(comparisonKey);
  const values = readTags(tags);
  const digest = hash('sha256', JSON.stringify([subscriptionId, keys, values]), 'buffer');
  const [groupKey = '', typeKey = '', locationKey = ''] = keys;
  return {
    subscriptionId,
    resourceGroup,
    groupKey,
    resourceType,
    typeKey,
    location,
    locationKey,
    tags: Object.fromEntries(values),
    digest,
  };
}

/**
 * Tags by name in an order of their own; none where the text is no JSON object. Of names that differ by case alone the first
 * counts. A value that is no text is as JSON has it; null is empty.
 */
function readTags(text: string): [name: string, value: string][] {
  let tags: unknown;
  try {
    tags = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isJsonObject(tags)) return [];
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(tags)) {
    const key = storable(comparisonKey(name));
    if (!values.has(key)) values.set(key, storable(textOf(value)));
  }
  return [...values].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function textOf(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The database keeps no zero characters and no halves of characters. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** MD5 of the key of a resource, as a UUID: what groups by resource go by. */
export function identityOf(uriKey: string): string {
  const digits = hash('md5', uriKey);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
