import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import {
  fail,
  parseClientId,
  type ClientId,
  type DirectoryTenantId,
  type Instant,
} from '../kernel/index.ts';
import type { Role, Scope } from './role.ts';

/** A role of a client, as assigned. */
export interface RoleAssignment {
  readonly role: Role;
  readonly scope: Scope;
  /** Namespaces of resource providers as they were given; undefined means all. Emitters only. */
  readonly providers?: readonly string[] | undefined;
}

/** A program that calls: its secret is known to nobody but itself. */
export interface Client {
  readonly clientId: ClientId;
  readonly name: string;
  readonly tenantId: DirectoryTenantId;
  readonly createdAt: Instant;
  /** Since when it is refused; undefined while it is not. */
  readonly disabledAt: Instant | undefined;
  readonly assignments: readonly RoleAssignment[];
}

const SECRET_BYTES = 32;
const LONGEST_NAME = 200;
const NAMESPACE = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)*$/i;

export function newClientId(): ClientId {
  const id = parseClientId(randomUUID());
  if (id === undefined) throw new TypeError('randomUUID gave no GUID.');
  return id;
}

/**
 * A secret of 256 random bits in base64url, 43 characters; shown once and stored as its hash only.
 */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** SHA-256 of a secret. A slow hash would protect guessable secrets; these cannot be guessed. */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/**
 * Whether the secret is the one with this hash. Takes as long without a hash, so that a client that
 * does not exist cannot be told from a wrong secret.
 */
export function secretMatches(secret: string, expected: Buffer | undefined): boolean {
  const actual = hashSecret(secret);
  const known = expected !== undefined && expected.length === actual.length;
  const equal = timingSafeEqual(actual, known ? expected : Buffer.alloc(actual.length));
  return known && equal;
}

/** @throws InvalidProperty for a name that is empty, too long or not printable */
export function checkName(name: string): void {
  if (name.trim() !== '' && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name)) return;
  throw fail('InvalidProperty', {
    value: name,
    parameter: 'name',
    rule: `it has 1 to ${LONGEST_NAME} printable characters`,
  });
}

/**
 * @throws InvalidProperty for providers on another role than Emitter, none at all, or what is no
 * namespace
 */
export function checkAssignment({ role, providers }: RoleAssignment): void {
  if (providers === undefined) return;
  const invalid = (rule: string): Error =>
    fail('InvalidProperty', { value: providers.join(','), parameter: 'providers', rule });
  if (role !== 'Emitter') throw invalid('only the role Emitter is held to resource providers');
  if (providers.length === 0) throw invalid('leave it out for all resource providers');
  if (!providers.every((provider) => NAMESPACE.test(provider))) {
    throw invalid('each one is a namespace like Microsoft.Compute');
  }
}
