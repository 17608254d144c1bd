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

/** Different texts remembered under one URI; tags and sizes change now and then, not with every record. */
const MOST_PER_URI = 16;

/** What an entry takes besides its texts. */
const ENTRY_CHARACTERS = 300;

/**
 * The resources met lately, by URI: nearly every record names one of them, and a hit saves parsing the URI,
 * hashing the texts and asking the database.
 *
 * Bounded by the length of its texts: holds at most twice `capacity` characters. When the younger half is full it
 * becomes the older half, and the older half is forgotten, so what is in use stays.
 */
export class ResourceDictionary {
  #young = new Map<string, Resource[]>();
  #old = new Map<string, Resource[]>();
  #characters = 0;
  readonly #capacity: number;

  /** @param capacity characters in each half: tens of thousands of resources of ordinary length */
  constructor(capacity = 16_000_000) {
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
    if (this.#characters >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#characters = 0;
    }
    const { resourceUri, location, tags, additionalInfo } = resource;
    this.#characters +=
      ENTRY_CHARACTERS + resourceUri.length + location.length + tags.length + additionalInfo.length;
    const known = this.#young.get(resourceUri);
    if (known === undefined) {
      this.#young.set(resourceUri, [resource]);
      return;
    }
    if (known.length === MOST_PER_URI) known.shift();
    known.push(resource);
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
