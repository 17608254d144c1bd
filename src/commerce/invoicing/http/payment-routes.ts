import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  Decimal,
  fail,
  isJsonObject,
  parseCurrency,
  StackmeterError,
} from '../../../kernel/index.ts';
import { actorOf, pageAnswer } from '../../../identity/index.ts';
import {
  invalidProperty,
  queryParameters,
  readFields,
  readList,
  readParsed,
  readText,
  requireText,
  type Fields,
} from '../../../platform/index.ts';
import { authorizeAccount, type AccountId } from '../../accounts/index.ts';
import { addDays, localDay, parseLocalDay } from '../dates.ts';
import type { WantedAllocation } from '../payments/payment.ts';
import { findPayment, listPayments } from '../payments/payment-store.ts';
import {
  recordPayment,
  reversePayment,
  toWirePayment,
  type NewPayment,
} from '../payments/record.ts';
import { statementOf, toWireStatement } from '../payments/statement.ts';
import {
  authorizeSeller,
  PAGE,
  READ_PAYMENTS,
  readableAccounts,
  WRITE_PAYMENTS,
  type InvoicingApi,
} from './api.ts';
import { paymentOperations as operations } from './payment-operations.ts';

const PAYMENTS = '/api/v1/payments';
/** Days of a statement when nobody says from when. */
const USUAL_DAYS = 90;

/** What was paid, and what is owed. */
export function paymentRoutes(app: FastifyInstance, api: InvoicingApi): void {
  app.get(PAYMENTS, { config: { operation: operations.list } }, (request) => list(api, request));
  app.post(PAYMENTS, { config: { operation: operations.record } }, (request) =>
    record(api, request),
  );
  app.get<{ Params: { readonly account: string } }>(
    '/api/v1/accounts/:account/statement',
    { config: { operation: operations.statement } },
    async (request) => {
      const principal = await api.authenticate(request);
      const { pool } = api.database;
      const { accountId, timeZone } = await authorizeAccount(
        principal,
        READ_PAYMENTS,
        pool,
        request.params.account,
      );
      const tomorrow = addDays(localDay(api.clock.now(), timeZone), 1);
      const to = readDay(request, 'to') ?? tomorrow;
      const from = readDay(request, 'from') ?? addDays(to, -USUAL_DAYS);
      if (from > to) throw invalidProperty('from', from, 'it is not after to');
      return toWireStatement(await statementOf(pool, accountId, from, to));
    },
  );
}

async function list(api: InvoicingApi, request: FastifyRequest): Promise<object> {
  const principal = await api.authenticate(request);
  const visibleTo = await readableAccounts(api, principal, READ_PAYMENTS, request);
  const db = api.database.pool;
  return pageAnswer(
    { db, request, principal, size: PAGE },
    (range) => listPayments(db, { visibleTo, ...range }),
    ({ paymentId }) => paymentId,
    toWirePayment,
  );
}

async function record(api: InvoicingApi, request: FastifyRequest): Promise<object> {
  const principal = await api.authenticate(request);
  const fields = readFields(request.body);
  const changing = { clock: api.clock, actor: actorOf(principal) };
  const receivedOn = readParsed(fields, 'receivedOn', parseLocalDay, DAY_RULE);
  const reverses = readText(fields, 'reverses');
  const payment =
    reverses === undefined ? undefined : await findPayment(api.database.pool, reverses);
  const given = readText(fields, 'accountId') ?? '';
  const actions = [READ_PAYMENTS, WRITE_PAYMENTS] as const;
  const { accountId } = await authorizeSeller(
    api,
    principal,
    actions,
    payment?.accountId ?? given,
  ).catch((error: unknown) => {
    // Whose payment it is, is not told to those who may not see it.
    const isHidden = error instanceof StackmeterError && error.code === 'BillingAccountNotFound';
    throw isHidden ? fail('BillingAccountNotFound', { account: given }) : error;
  });
  if (receivedOn === undefined) throw invalidProperty('receivedOn', undefined, DAY_RULE);
  if (payment !== undefined) {
    const wanted = { paymentId: payment.paymentId, receivedOn };
    return toWirePayment(await reversePayment(api, wanted, changing));
  }
  if (reverses !== undefined) {
    throw fail('PaymentInvalid', { reason: `there is no payment ${reverses}` });
  }
  return toWirePayment(
    await recordPayment(api, readPayment(fields, accountId, receivedOn), changing),
  );
}

const DAY_RULE = 'it is a day such as 2026-11-03';
const MONEY_RULE = 'it is a decimal as text, such as "120.50"';

function readPayment(fields: Fields, accountId: AccountId, receivedOn: string): NewPayment {
  const amount = readParsed(fields, 'amount', (text) => Decimal.parse(text), MONEY_RULE);
  if (amount === undefined) throw invalidProperty('amount', undefined, MONEY_RULE);
  return {
    accountId,
    amount,
    currency: readParsed(fields, 'currency', parseCurrency, 'it is a code such as EUR'),
    receivedOn,
    reference: requireText(fields, 'reference'),
    allocations: readList(fields, 'allocations')?.map(readAllocation),
  };
}

function readAllocation(value: unknown): WantedAllocation {
  if (!isJsonObject(value)) {
    throw invalidProperty('allocations', value, 'each has a number and perhaps an amount');
  }
  const amount = readParsed(value, 'amount', (text) => Decimal.parse(text), MONEY_RULE);
  return { number: requireText(value, 'number'), amount };
}

function readDay(request: FastifyRequest, name: string): string | undefined {
  const text = queryParameters(request).get(name);
  const day = text === undefined ? undefined : parseLocalDay(text);
  if (text !== undefined && day === undefined) throw invalidProperty(name, text, DAY_RULE);
  return day;
}
