import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, isGuid, StackmeterError } from '../../../kernel/index.ts';
import type { Principal } from '../../../identity/index.ts';
import { invalidProperty, queryParameters } from '../../../platform/index.ts';
import { authorizeAccount, type AccountTree } from '../../accounts/index.ts';
import { dayCount, parseLocalDay } from '../dates.ts';
import { READ_INVOICES, readableInvoice, type InvoicingApi } from '../http/api.ts';
import { explainInvoiceLine, type ExplainedLine } from './explain-line.ts';
import { explanationOperation } from './operations.ts';
import { toWireExplanation } from './wire.ts';

const LONGEST_NAME = 2000;

/** Where lines of invoices come from: for who may read the invoice. */
export function explanationRoutes(app: FastifyInstance, api: InvoicingApi): void {
  const { pool } = api.database;
  app.get<{ Params: { readonly number: string; readonly line: string } }>(
    '/api/v1/invoices/:number/lines/:line/explanation',
    { config: { operation: explanationOperation } },
    async (request) => {
      const principal = await api.authenticate(request);
      const { number } = request.params;
      await readableInvoice(api, principal, number);
      const asked = { number, line: readLineNumber(number, request.params.line), ...more(request) };
      const explained = await explainInvoiceLine(pool, asked, {
        recordsOf: api.recordsOf,
        mayRead: (seller, tree) => mayRead(principal, seller, tree),
      });
      return toWireExplanation(explained);
    },
  );
}

async function mayRead(principal: Principal, account: string, tree: AccountTree): Promise<boolean> {
  try {
    await authorizeAccount(principal, READ_INVOICES, tree, account);
    return true;
  } catch (error) {
    if (error instanceof StackmeterError) return false;
    throw error;
  }
}

/** @throws InvoiceLineNotFound */
function readLineNumber(number: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number.parseInt(text, 10);
  throw fail('InvoiceLineNotFound', { number, line: text });
}

/** @throws InvalidProperty */
function more(
  request: FastifyRequest,
): Pick<ExplainedLine, 'resource' | 'usageDay' | 'resourcesAfter'> {
  const parameters = queryParameters(request);
  const after = parameters.get('after');
  if (after !== undefined && !isGuid(after)) {
    throw invalidProperty('after', after, 'it has to come from the page before');
  }
  const day = parameters.get('day');
  return {
    resource: parameters.get('resource')?.slice(0, LONGEST_NAME),
    usageDay: day === undefined ? undefined : readExplainedDay('day', day),
    resourcesAfter: after,
  };
}

/** A day such as 2026-11-30, in days since 1970. @throws InvalidProperty */
export function readExplainedDay(parameter: string, text: string): number {
  const day = parseLocalDay(text);
  if (day !== undefined) return dayCount(day);
  throw invalidProperty(parameter, text, 'it is a day such as 2026-11-30');
}
