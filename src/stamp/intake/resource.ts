import { uuidBytes, uuidOf, uuidText, type UuidBytes } from '../../platform/index.ts';

/** The four texts that name what was used, as emitted, byte for byte. */
export interface ResourceTexts {
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
}

/** A resource as records refer to it. */
export interface Resource extends ResourceTexts {
  readonly subscriptionId: string;
  readonly subscriptionBytes: UuidBytes;
  /** 128 bits of a hash of the four texts */
  readonly key: UuidBytes;
  readonly keyText: string;
  /** whether the database is known to have it; set after the commit that put it there */
  stored: boolean;
}

/** Two different resources never share a key: the length of each text goes into the hash with it. */
export function makeResource(subscriptionId: string, texts: ResourceTexts): Resource {
  const { resourceUri, location, tags, additionalInfo } = texts;
  const named = [resourceUri, location, tags, additionalInfo];
  const key = uuidOf(named.map((text) => text.length).join(',') + '\n' + named.join(''));
  return {
    subscriptionId,
    subscriptionBytes: uuidBytes(subscriptionId),
    key,
    keyText: uuidText(key),
    stored: false,
    resourceUri,
    location,
    tags,
    additionalInfo,
  };
}

/**
 * The resources met lately, by URI: nearly every record names one of them, and a hit saves parsing the URI,
 * hashing the texts and asking the database.
 *
 * Bounded: holds at most twice `capacity`. When the younger half is full it becomes the older half, and the older
 * half is forgotten, so what is in use stays.
 */
export class ResourceDictionary {
  #young = new Map<string, Resource[]>();
  #old = new Map<string, Resource[]>();
  #size = 0;
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  find(texts: ResourceTexts): Resource | undefined {
    const uri = texts.resourceUri;
    const young = this.#young.get(uri);
    const hit = young && match(young, texts);
    if (hit !== undefined) return hit;
    const old = this.#old.get(uri);
    const kept = old && match(old, texts);
    if (kept !== undefined) this.add(kept);
    return kept;
  }

  add(resource: Resource): void {
    if (this.#size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#size = 0;
    }
    this.#size++;
    const known = this.#young.get(resource.resourceUri);
    if (known === undefined) this.#young.set(resource.resourceUri, [resource]);
    else known.push(resource);
  }
}

function match(candidates: readonly Resource[], texts: ResourceTexts): Resource | undefined {
  for (const resource of candidates) {
    if (
      resource.tags === texts.tags &&
      resource.additionalInfo === texts.additionalInfo &&
      resource.location === texts.location
    ) {
      return resource;
    }
  }
  return undefined;
}
