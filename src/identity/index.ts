export { auditRoutes, toWireEvent } from './audit-routes.ts';
export { actions, allActions, type Action } from './action.ts';
export { keyOfPrincipal, type Authenticate } from './authenticate.ts';
export {
  addUser,
  findUser,
  listUsers,
  loadKeys,
  loginEndpoint,
  newPassword,
  rotateKeys,
  rotateKeysWhenDue,
  setPassword,
  signingKey,
  sweepArtifacts,
  type AuthorityKey,
  type NewUser,
  type User,
} from './authority/index.ts';
export { authorizationRoutes, type AuthorizationApi } from './authorization/index.ts';
export { type Changing } from './changing.ts';
export {
  addClient,
  addClientCertificate,
  addClientSecret,
  addKeyClient,
  listClientCredentials,
  removeClientCredential,
  type ClientCredential,
  type NewClient,
} from './client-store.ts';
export { PORTAL_CLIENT } from './authority/index.ts';
export { createIdentity, type Identity } from './identity.ts';
export {
  createTrustedIssuers,
  externalPrincipalId,
  readTrustedIssuers,
  type IssuerState,
  type TenantBinding,
  type TrustedIssuer,
  type TrustedIssuers,
} from './issuers/index.ts';
export { meRoutes } from './me-routes.ts';
export { pageAnswer } from './paged-list.ts';
export { actorOf, authorize, type Principal, type PrincipalRef } from './principal.ts';
export { principalRoutes } from './principal-routes.ts';
export {
  disablePrincipal,
  enablePrincipal,
  findPrincipal,
  listPrincipals,
  loadGrants,
  removePrincipal,
  type StoredPrincipal,
} from './principal-store.ts';
export {
  addRoleAssignment,
  listRoleAssignments,
  removeRoleAssignment,
  removeRolesOnScope,
  type NewRoleAssignment,
  type RoleAssignment,
  type RoleOnScope,
} from './role-assignment.ts';
export {
  actionsOfRole,
  allows,
  emittableGroups,
  mayEmitFor,
  parseRole,
  reachOf,
  roleDefinitions,
  roles,
  type Grant,
  type Grants,
  type Role,
  type Target,
} from './role.ts';
export { groupKey, parseScope, partsOf, scopeOf, type Scope } from './scope.ts';
