import type { SubscriptionId } from './ids.ts';
import { parseSubscriptionId } from './ids.ts';

/** A resource of a subscription, read from its resource URI. */
export interface ResourceUri {
  /** The URI exactly as received. Two spellings of one resource differ here. */
  readonly text: string;
  readonly subscriptionId: SubscriptionId;
  /** As received; undefined for a resource that belongs to the subscription itself. */
  readonly resourceGroup: string | undefined;
  /** The namespace of the resource provider as received, for example `Microsoft.Compute`. */
  readonly provider: string;
  /** The type below the provider, nested types joined by `/`: `virtualMachines`, `servers/databases`. */
  readonly type: string;
  /** The name, nested names joined by `/` in step with the types: `web01`, `sql1/orders`. */
  readonly name: string;
  /** The path split at its slashes, as received, beginning with `subscriptions`. */
  readonly segments: readonly string[];
}

/** Control characters, backslash, the marks that end a path, and halves of a character. */
const refused = /[\p{Cc}\p{Cs}\\?#]/u;

/**
 * Reads `/subscriptions/{id}[/resourceGroups/{group}]/providers/{namespace}/{type}/{name}`, with
 * further type and name pairs for nested resources. The fixed words match in any case, because
 * emitters differ (`resourceGroups`, `resourcegroups`). For a resource that extends another one (a
 * second `providers` after the first) provider, type and name are those of the extension.
 *
 * Returns undefined for any other text: a relative path, an empty, `.` or `..` segment, a backslash,
 * a control character, `?` or `#`.
 */
export function parseResourceUri(text: string): ResourceUri | undefined {
  if (text.charCodeAt(0) !== 0x2f || refused.test(text)) return undefined;
  const segments = text.slice(1).split('/');
  if (segments.some(isNoName)) return undefined;
  const [subscriptions, subscription, third, fourth] = segments;
  if (subscriptions === undefined || !isWord(subscriptions, 'subscriptions')) return undefined;
  const subscriptionId = subscription === undefined ? undefined : parseSubscriptionId(subscription);
  if (subscriptionId === undefined || third === undefined) return undefined;
  const inGroup = isWord(third, 'resourcegroups');
  const resource = readResource(segments, inGroup ? 4 : 2);
  if (resource === undefined) return undefined;
  const resourceGroup = inGroup ? fourth : undefined;
  const { provider, type, name } = resource;
  return { text, subscriptionId, resourceGroup, provider, type, name, segments };
}

interface Resource {
  readonly provider: string;
  readonly type: string;
  readonly name: string;
}

/** Reads `providers/{namespace}` and the pairs after it, from the segment at `from` to the end. */
function readResource(segments: readonly string[], from: number): Resource | undefined {
  let resource: Resource | undefined;
  let index = from;
  while (index < segments.length) {
    const first = segments[index];
    const second = segments[index + 1];
    if (first === undefined || second === undefined) return undefined;
    if (isWord(first, 'providers')) {
      const type = segments[index + 2];
      const name = segments[index + 3];
      if (type === undefined || name === undefined) return undefined;
      resource = { provider: second, type, name };
      index += 4;
    } else {
      if (resource === undefined) return undefined;
      resource = {
        provider: resource.provider,
        type: `${resource.type}/${first}`,
        name: `${resource.name}/${second}`,
      };
      index += 2;
    }
  }
  return resource;
}

function isNoName(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}

/** Whether a segment is the fixed word, in any case. */
function isWord(segment: string, lowerCaseWord: string): boolean {
  return (
    segment.length === lowerCaseWord.length &&
    (segment === lowerCaseWord || segment.toLowerCase() === lowerCaseWord)
  );
}
