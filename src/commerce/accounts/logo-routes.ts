import type { FastifyInstance } from 'fastify';
import { fail } from '../../kernel/index.ts';
import { invalidProperty, pathOf } from '../../platform/index.ts';
import type { AccountsApi } from './api.ts';
import { addAccountRoutes } from './http.ts';
import { pictureType, setLogo } from './logo.ts';
import { accountOperations as operations } from './operations.ts';
import { readLogo } from './store.ts';

/** The picture on the invoices that an account issues. */
export function logoRoutes(app: FastifyInstance, api: AccountsApi): void {
  app.register((scope, _options, done) => {
    // What it is shows in its first bytes, whatever it is called.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    addLogoRoutes(scope, api);
    done();
  });
}

function addLogoRoutes(app: FastifyInstance, api: AccountsApi): void {
  const { database } = api;
  addAccountRoutes(app, api, [
    {
      method: 'GET',
      path: '/logo',
      operation: operations.logo,
      handle: async ({ account, request, reply }) => {
        const content = await readLogo(database.pool, account.accountId);
        const type = content && pictureType(content);
        if (type === undefined) throw fail('NotFound', { path: pathOf(request) });
        return reply.type(type).send(content);
      },
    },
    {
      method: 'PUT',
      path: '/logo',
      operation: operations.putLogo,
      handle: async ({ account, request, reply, changing }) => {
        const { body } = request;
        if (!Buffer.isBuffer(body)) {
          throw invalidProperty('logo', '', 'it is a picture in PNG or JPEG');
        }
        await database.transaction((tx) => setLogo(tx, account.accountId, body, changing));
        return reply.code(204).send();
      },
    },
    {
      method: 'DELETE',
      path: '/logo',
      operation: operations.deleteLogo,
      handle: async ({ account, reply, changing }) => {
        await database.transaction((tx) => setLogo(tx, account.accountId, undefined, changing));
        return reply.code(204).send();
      },
    },
  ]);
}
