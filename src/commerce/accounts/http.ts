import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actorOf, type Action, type Changing, type Principal } from '../../identity/index.ts';
import { orConflict, type Operation } from '../../platform/index.ts';
import type { BillingAccount } from './account.ts';
import type { AccountsApi } from './api.ts';
import { authorizeAccount } from './authorize.ts';
import { ensureBillingAccounts } from './ensure.ts';

export const READ: Action = 'Stackmeter.Billing/accounts/read';
export const WRITE: Action = 'Stackmeter.Billing/accounts/write';

/** A call about an account by somebody who may make it. */
export interface AccountCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  readonly changing: Changing;
  readonly account: BillingAccount;
  /** A parameter of the path. */
  readonly param: (name: string) => string;
}

export interface AccountRoute {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** What follows the id of the account. */
  readonly path: string;
  readonly operation: Operation;
  readonly handle: (call: AccountCall) => Promise<unknown>;
}

export const ACCOUNTS = '/api/v1/accounts';

/** Adds routes about one account: reading for those who may see it, all else for those who may change it. */
export function addAccountRoutes(
  app: FastifyInstance,
  api: AccountsApi,
  routes: readonly AccountRoute[],
): void {
  for (const { method, path, operation, handle } of routes) {
    app.route<{ Params: Record<string, string> }>({
      method,
      url: `${ACCOUNTS}/:account${path}`,
      config: { operation },
      handler: async (request, reply) => {
        const principal = await api.authenticate(request);
        await ensureAccounts(api);
        const param = (name: string): string => request.params[name] ?? '';
        const action = method === 'GET' ? READ : WRITE;
        const account = await authorizeAccount(
          principal,
          action,
          api.database.pool,
          param('account'),
        );
        const changing = { clock: api.clock, actor: actorOf(principal) };
        return orConflict(() => handle({ request, reply, principal, changing, account, param }));
      },
    });
  }
}

/** A subscription has its account as soon as somebody asks, before usage is rated. */
export async function ensureAccounts({ database, clock }: AccountsApi): Promise<void> {
  await database.transaction((tx) => ensureBillingAccounts(tx, clock));
}
