import { parseDirectoryTenantId } from '../../kernel/index.ts';
import { uuidOf, uuidText } from '../../platform/index.ts';
import type { DirectoryTenant } from './subscription.ts';

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
