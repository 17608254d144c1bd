export { sweepArtifacts } from './artifact-store.ts';
export { PORTAL_CLIENT } from './clients.ts';
export { createAuthority, type Authority } from './authority.ts';
export {
  loadKeys,
  rotateKeys,
  rotateKeysWhenDue,
  signingKey,
  type AuthorityKey,
} from './key-store.ts';
export { authorizationUri, loginEndpoint } from './layout.ts';
export { newPassword } from './password.ts';
export {
  addUser,
  findUser,
  listUsers,
  setPassword,
  type NewUser,
  type User,
} from './user-store.ts';
