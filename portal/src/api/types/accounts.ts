/** A billing account, as GET /api/v1/accounts lists them. */
export interface Account {
  readonly accountId: string;
  readonly kind: 'provider' | 'partner' | 'enterprise' | 'customer';
  readonly parentId?: string;
  readonly subscriptionId?: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
}

/** Whether it issues invoices to those below it. */
export function isSeller({ kind }: Pick<Account, 'kind'>): boolean {
  return kind === 'provider' || kind === 'partner';
}
