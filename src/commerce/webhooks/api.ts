import type { Action, Authenticate, Principal } from '../../identity/index.ts';
import type { Clock, Database } from '../../platform/index.ts';

/** What the routes of webhooks need. */
export interface WebhookApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /**
   * Finds an account for somebody who may do this to it; accounts are kept in a later room.
   *
   * @throws BillingAccountNotFound, AuthorizationFailed
   */
  readonly authorizeAccount: (
    principal: Principal,
    action: Action,
    account: string,
  ) => Promise<{ readonly accountId: string }>;
  /** Called when something has become due; it is sent a little later anyway. */
  readonly wake?: () => void;
}
