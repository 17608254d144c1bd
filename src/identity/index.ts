export { authorize, type Authenticate, type Principal } from './authenticate.ts';
export type { Client, RoleAssignment } from './client.ts';
export { createIdentity, type Identity } from './identity.ts';
export {
  allows,
  mayEmitFor,
  parseRole,
  parseScope,
  type Action,
  type Grant,
  type Grants,
  type Role,
  type Scope,
  type Target,
} from './role.ts';
export {
  addClient,
  addRoleAssignment,
  disableClient,
  listClients,
  loadGrants,
  removeClient,
  type NewClient,
} from './store.ts';
