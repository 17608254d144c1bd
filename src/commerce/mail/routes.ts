import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isGuid, parseSubscriptionId } from '../../kernel/index.ts';
import {
  actorOf,
  authorize,
  keyOfPrincipal,
  type Authenticate,
  type Principal,
} from '../../identity/index.ts';
import {
  invalidProperty,
  makeSkipToken,
  nextLinkOf,
  queryParameters,
  readFields,
  readSkipToken,
  readTokenKey,
  type Clock,
  type Database,
} from '../../platform/index.ts';
import { mailStates, toWireMail, type MailState } from './message.ts';
import { listMail } from './message-store.ts';
import { mailOperations as operations } from './operations.ts';
import { readReplay } from './replay-request.ts';
import { replayMail } from './replay.ts';

/** What the routes of e-mail need. */
export interface MailApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** Called when something has become due; it is sent a little later anyway. */
  readonly wake?: () => void;
}

const LIST = '/api/v1/mail-messages';
/** Who may see what is told to other programs may see what is told to people. */
const READ = 'Stackmeter.Billing/webhooks/read';
const WRITE = 'Stackmeter.Billing/webhooks/write';
/** Messages on a page. */
const PAGE = 200;

/** What was sent to whom: for those who run all of commerce. */
export function mailRoutes(app: FastifyInstance, api: MailApi): void {
  app.get(LIST, { config: { operation: operations.list } }, async (request) => {
    const principal = await api.authenticate(request);
    authorize(principal, READ);
    return listPage(api, request, principal);
  });
  app.post(
    `${LIST}/replay`,
    { config: { operation: operations.replay } },
    async (request, reply) => {
      const principal = await api.authenticate(request);
      authorize(principal, WRITE);
      const which = readReplay(readFields(request.body));
      const messages = await api.database.transaction((tx) =>
        replayMail(tx, which, { clock: api.clock, actor: actorOf(principal) }),
      );
      api.wake?.();
      return reply.code(202).send({ messages });
    },
  );
}

async function listPage(
  { database }: MailApi,
  request: FastifyRequest,
  principal: Principal,
): Promise<object> {
  const parameters = queryParameters(request);
  const state = readState(parameters.get('state'));
  const account = parameters.get('account');
  if (account !== undefined && !isGuid(account)) {
    throw invalidProperty('account', account, 'it is the id of an account');
  }
  const list = JSON.stringify([keyOfPrincipal(principal), LIST, state, account?.toLowerCase()]);
  const token = parameters.get('$skiptoken');
  const key = await readTokenKey(database.pool);
  const after = token === undefined ? undefined : readSkipToken(key, list, token);
  const page = { state, accountId: account, after, limit: PAGE + 1 };
  const messages = await listMail(database.pool, page);
  const value = messages.slice(0, PAGE).map(toWireMail);
  const last = messages.length > PAGE ? messages[PAGE - 1] : undefined;
  const id = last && parseSubscriptionId(last.messageId);
  if (id === undefined) return { value };
  return { value, nextLink: nextLinkOf(request, makeSkipToken(key, list, id)) };
}

function readState(text: string | undefined): MailState | undefined {
  if (text === undefined) return undefined;
  const state = mailStates.find((one) => one.toLowerCase() === text.toLowerCase());
  if (state !== undefined) return state;
  throw invalidProperty('state', text, `it is one of ${mailStates.join(', ')}`);
}
