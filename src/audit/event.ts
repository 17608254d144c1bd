import { hash } from 'node:crypto';
import type { DirectoryTenantId, Instant, PrincipalId } from '../kernel/index.ts';

/** Who did something: a caller of the interfaces, somebody at the command line, or the program itself. */
export type Actor =
  | {
      readonly kind: 'principal';
      readonly principalId: PrincipalId;
      readonly tenantId: DirectoryTenantId;
      readonly name: string;
    }
  | { readonly kind: 'command-line'; readonly name: string }
  | { readonly kind: 'system' };

/** What the program does by itself. */
export const SYSTEM: Actor = { kind: 'system' };

/** What is known of a change when it is made. */
export interface NewAuditEvent {
  readonly actor: Actor;
  /** In the words of the resource manager: `Microsoft.Authorization/roleAssignments/write`. */
  readonly action: string;
  /** What was changed, as a path: `/subscriptions/ID`. */
  readonly target: string;
  /** How it was changed. Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** An event of the trail. */
export interface AuditEvent {
  /** 1, 2, 3 and so on, without a gap. */
  readonly number: bigint;
  readonly at: Instant;
  readonly actorKind: Actor['kind'];
  readonly actorId: string | undefined;
  readonly actorTenantId: string | undefined;
  readonly actorName: string;
  readonly action: string;
  readonly target: string;
  /** JSON text, exactly as it was hashed. */
  readonly detail: string;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
}

/** The hash before the first event. */
export const GENESIS = Buffer.alloc(32);

/**
 * The bytes that the hash of an event covers besides the hash before it. Kept in databases and
 * statements: never to be written otherwise.
 */
export function contentOfEvent(
  event: Omit<AuditEvent, 'previousHash' | 'hash' | 'number'>,
): string {
  return JSON.stringify([
    event.at.toString(),
    event.actorKind,
    event.actorId ?? null,
    event.actorTenantId ?? null,
    event.actorName,
    event.action,
    event.target,
    event.detail,
  ]);
}

/** SHA-256 over the hash before, the number and the content; the database computes the same. */
export function hashOfEvent(previousHash: Buffer, number: bigint, content: string): Buffer {
  return hash(
    'sha256',
    Buffer.concat([previousHash, Buffer.from(`${number}\n${content}`)]),
    'buffer',
  );
}
