import type { FastifyInstance } from 'fastify';
import { json, named, plainSchemas, type Operation } from '../platform/index.ts';
import { allActions } from './action.ts';
import type { Authenticate } from './authenticate.ts';
import { allows, reachOf, type Grant } from './role.ts';
import { scopeOf } from './scope.ts';

const actionList = { type: 'array', items: { type: 'string' } };

const operation: Operation = {
  id: 'getMe',
  tag: 'identity',
  summary: 'Tell the caller who it is and what it may do',
  description:
    'For programs that show people only what is theirs to see. What each request may do is decided when it is made.',
  access: 'token or key',
  answers: {
    200: {
      description: 'The caller.',
      contents: json(
        named('Caller', {
          type: 'object',
          required: ['id', 'name', 'kind', 'tenantId', 'actions', 'anywhere', 'grants'],
          properties: {
            id: plainSchemas.guid,
            name: plainSchemas.text,
            kind: { enum: ['client', 'user', 'external'] },
            tenantId: plainSchemas.guid,
            actions: { ...actionList, description: 'What it may do everywhere.' },
            anywhere: { ...actionList, description: 'What it may do at least somewhere.' },
            grants: {
              type: 'array',
              items: {
                type: 'object',
                required: ['role', 'scope'],
                properties: { role: plainSchemas.text, scope: plainSchemas.text },
              },
            },
          },
        }),
      ),
    },
  },
};

/** Who is calling, and what it may do. */
export function meRoutes(
  app: FastifyInstance,
  { authenticate }: { readonly authenticate: Authenticate },
): void {
  app.get('/api/v1/me', { config: { operation } }, async (request) => {
    const { principalId, name, kind, tenantId, grants } = await authenticate(request);
    return {
      id: principalId,
      name,
      kind,
      tenantId,
      actions: allActions.filter((action) => allows(grants, action)),
      anywhere: allActions.filter((action) => {
        const reach = reachOf(grants, action);
        return reach.everywhere || reach.grants.length > 0;
      }),
      grants: grants.map((grant) => ({ role: grant.role, scope: scopeTextOf(grant) })),
    };
  });
}

function scopeTextOf({ subscriptionId, resourceGroup }: Grant): string {
  return subscriptionId === undefined ? '/' : scopeOf(subscriptionId, resourceGroup);
}
