/** A client or a user of the built-in authority. */
interface PrincipalFields {
  readonly principalId: string;
  readonly kind: 'client' | 'user';
  readonly name: string;
  readonly userName?: string;
  readonly tenantId: string;
  readonly createdAt: string;
  readonly disabledAt?: string;
  readonly roles: readonly {
    readonly role: string;
    readonly scope: string;
    readonly providers?: readonly string[];
  }[];
}

export interface ListedPrincipal extends PrincipalFields {
  readonly credentials: number;
  readonly nextExpiry?: string;
}

export interface Credential {
  readonly credentialId: string;
  readonly kind: 'secret' | 'certificate';
  readonly name: string;
  readonly thumbprint?: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
}

export interface ShownPrincipal extends PrincipalFields {
  readonly credentials: readonly Credential[];
}

export interface AuditEvent {
  readonly number: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly name: string; readonly id?: string };
  readonly action: string;
  readonly target: string;
  readonly detail: unknown;
  readonly hash: string;
}
