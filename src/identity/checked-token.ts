import type { FastifyRequest } from 'fastify';
import type { DirectoryTenantId, PrincipalId } from '../kernel/index.ts';

/** What a token says whose signature, times, issuer and audience are right. */
export interface CheckedToken {
  /** `external`: known to another directory than the built-in one. */
  readonly kind: 'client' | 'user' | 'external';
  readonly principalId: PrincipalId;
  readonly tenantId: DirectoryTenantId;
  /** What people call the caller, for logs and the audit trail. */
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since 1970 from which the token is refused, leeway included. */
  readonly refusedFrom: number;
}

/** Why a token is not valid, in words that complete "The access token is not valid:". */
export type TokenProblem = string;

/** Checks all that makes a token valid for the request, its audience included; not whom it is of. */
export type CheckToken = (
  request: FastifyRequest,
  token: string,
) => Promise<CheckedToken | TokenProblem>;
