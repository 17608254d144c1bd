import { isJsonObject, parseResourceUri } from '../../kernel/index.ts';
import { uuidOf, uuidText } from '../../platform/index.ts';
import { comparisonKey, resourceGroupKey } from '../../analysis/index.ts';

/** A row of `resource`, as it was emitted. */
export interface EmittedResource {
  readonly subscriptionId: string;
  readonly resourceKey: string;
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
}

/** The same taken apart. Keys are what names compare by. */
export interface Place {
  readonly subscriptionId: string;
  readonly resourceKey: string;
  /** The same for all places of one resource. */
  readonly resource: string;
  readonly uriKey: string;
  readonly name: string;
  readonly nameKey: string;
  /** Empty for what belongs to the subscription itself. */
  readonly resourceGroup: string;
  /** The same for all places of one resource group. */
  readonly resourceGroupId: string;
  readonly resourceGroupName: string;
  readonly resourceType: string;
  readonly resourceTypeName: string;
  readonly location: string;
  /** JSON of an object: texts by keys. */
  readonly tags: string;
}

/** By what a resource or a resource group is known in places: a hash of its key. */
export function hashOfKey(key: string): string {
  return uuidText(uuidOf(key));
}

export function toPlace(emitted: EmittedResource): Place {
  const { subscriptionId, resourceKey, resourceUri, location, tags } = emitted;
  const uriKey = comparisonKey(resourceUri);
  // The intake takes no other; what an import or a former release has brought in is shown by its last part.
  const uri = parseResourceUri(resourceUri);
  const type = uri === undefined ? '' : `${uri.provider}/${uri.type}`;
  const name = resourceUri.slice(resourceUri.lastIndexOf('/') + 1);
  return {
    subscriptionId,
    resourceKey,
    resource: hashOfKey(uriKey),
    uriKey,
    name,
    nameKey: comparisonKey(name),
    resourceGroup: comparisonKey(uri?.resourceGroup ?? ''),
    resourceGroupId: hashOfKey(resourceGroupKey(subscriptionId, uri?.resourceGroup ?? '')),
    resourceGroupName: uri?.resourceGroup ?? '',
    resourceType: comparisonKey(type),
    resourceTypeName: type,
    location: comparisonKey(location),
    tags: JSON.stringify(tagsOf(tags)),
  };
}

/**
 * The tags in a text that may be anything: values by the key of their name. A text that is no JSON object has none.
 * Of names that differ by case alone the first counts. A value that is no text is written as JSON; null is empty.
 */
export function tagsOf(text: string): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed(text))) {
    const key = keepable(comparisonKey(name));
    if (!tags.has(key)) tags.set(key, keepable(textOf(value)));
  }
  return Object.fromEntries(tags);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Escapes of JSON can write what the database cannot keep. */
function keepable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}
