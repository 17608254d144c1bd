/** Who is calling, and what it may do: GET /api/v1/me. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly kind: 'client' | 'user' | 'external';
  readonly tenantId: string;
  /** What it may do everywhere. */
  readonly actions: readonly string[];
  /** What it may do at least somewhere. */
  readonly anywhere: readonly string[];
  readonly grants: readonly { readonly role: string; readonly scope: string }[];
}
