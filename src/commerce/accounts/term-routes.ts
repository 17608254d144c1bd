import { queryParameters, readFields, readText, requireText } from '../../platform/index.ts';
import { parseTerm } from '../pricing/index.ts';
import type { AccountsApi } from './api.ts';
import { nextHour, readHour } from './hours.ts';
import type { AccountRoute } from './http.ts';
import { accountOperations as operations } from './operations.ts';
import { addTerm, endTerm, listTerms, toWireTerm } from './terms.ts';

/** What is agreed with an account besides prices. */
export function termRoutes({ database }: AccountsApi): AccountRoute[] {
  return [
    {
      method: 'GET',
      path: '/terms',
      operation: operations.terms,
      handle: async ({ account }) => ({
        value: (await listTerms(database.pool, account.accountId)).map(toWireTerm),
      }),
    },
    {
      method: 'POST',
      path: '/terms',
      operation: operations.addTerm,
      handle: async ({ account, request, reply, changing }) => {
        const fields = readFields(request.body);
        const from = readText(fields, 'effectiveFrom');
        const to = readText(fields, 'effectiveTo');
        const next = nextHour(changing.clock);
        const wanted = {
          name: requireText(fields, 'name'),
          definition: parseTerm(readFields(fields['definition'])),
          effectiveFrom: from === undefined ? next : readHour('effectiveFrom', from),
          effectiveTo: to === undefined ? undefined : readHour('effectiveTo', to),
        };
        const added = await database.transaction((tx) =>
          addTerm(tx, account.accountId, wanted, changing),
        );
        return reply.code(201).send(toWireTerm(added));
      },
    },
    {
      method: 'DELETE',
      path: '/terms/:term',
      operation: operations.endTerm,
      handle: async ({ account, request, param, changing }) => {
        const to = queryParameters(request).get('effectiveto');
        const end = to === undefined ? undefined : readHour('effectiveTo', to);
        const ended = await database.transaction((tx) =>
          endTerm(tx, account.accountId, param('term'), end, changing),
        );
        return toWireTerm(ended);
      },
    },
  ];
}
