import { parseResourceUri, type PrincipalId } from '../../kernel/index.ts';
import { emittableGroups, groupKey, mayEmitFor, type Grants } from '../../identity/index.ts';
import type { Resource } from './resource.ts';

type Groups = 'all' | ReadonlySet<string>;

/** What one principal may emit, as of one directory version. */
export class EmitPermissions {
  readonly principalId: PrincipalId;
  readonly #grants: Grants;
  readonly #subscriptions = new Map<string, boolean>();
  readonly #groups = new Map<string, Map<string, Groups>>();

  constructor(principalId: PrincipalId, grants: Grants) {
    this.principalId = principalId;
    this.#grants = grants;
  }

  /** Whether usage of this subscription may be emitted at all, whichever meter and group it is of. */
  mayEmitFor(subscriptionId: string): boolean {
    return this.#subscriptions.getOrInsertComputed(subscriptionId, () =>
      mayEmitFor(this.#grants, subscriptionId),
    );
  }

  /** Whether usage of this resource may be emitted for the provider of its meter. */
  mayEmit(resource: Resource, provider: string): boolean {
    // Asked for every record: remembered in nested maps, because joining the two into one key costs more than
    // the question itself.
    const ofProvider = this.#groups.getOrInsertComputed(provider, () => new Map());
    const { subscriptionId } = resource;
    const groups = ofProvider.getOrInsertComputed(subscriptionId, () =>
      emittableGroups(this.#grants, { subscriptionId, provider }),
    );
    if (groups === 'all') return true;
    if (groups.size === 0) return false;
    const group = parseResourceUri(resource.resourceUri)?.resourceGroup;
    return group !== undefined && groups.has(groupKey(group));
  }
}
