import { parseDirectoryTenantId, type DirectoryTenantId } from '../../../kernel/index.ts';
import { uuidOf, uuidText } from '../../../platform/index.ts';

/** A directory whose users and clients may have subscriptions here. */
export interface DirectoryTenant {
  readonly tenantId: DirectoryTenantId;
  /** Its name as a resource; no two have the same. */
  readonly name: string;
  /** Undefined: the group of the stamp itself, `system.<region>`. */
  readonly resourceGroup?: string | undefined;
  /** Undefined: the region of the stamp. */
  readonly location?: string | undefined;
}

/** For owners that are no e-mail addresses: they share a directory. */
const NO_DOMAIN = 'unknown.example';

/**
 * The directory tenant of an owner who is known by e-mail address only: one for each domain, its id a hash of the
 * domain, so that whoever derives it comes to the same.
 */
export function tenantOfOwner(owner: string): DirectoryTenant {
  const domain = owner
    .slice(owner.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase();
  const name = owner.includes('@') && domain !== '' ? domain : NO_DOMAIN;
  const tenantId = parseDirectoryTenantId(uuidText(uuidOf(`directory-tenant|${name}`)));
  if (tenantId === undefined) throw new TypeError('a hash gave no GUID');
  return { tenantId, name };
}
