import type { FastifyInstance } from 'fastify';
import { fail } from '../kernel/index.ts';
import { listAudit, type AuditEvent } from '../audit/index.ts';
import { named, queryParameters, type Operation, type Queryable } from '../platform/index.ts';
import type { Authenticate } from './authenticate.ts';
import { authorize } from './principal.ts';

const MOST_LISTED = 1000;

const operation: Operation = {
  id: 'listAuditEvents',
  tag: 'identity',
  summary: 'List the audit trail, oldest first unless asked otherwise',
  description: 'To go on, repeat the request with `after` set to the `next` of the answer.',
  access: 'token',
  surface: 'operator',
  parameters: [
    {
      name: 'after',
      in: 'query',
      description: 'Number of the event after which to go on, in the order asked for.',
      schema: { type: 'string', pattern: '^[0-9]{1,18}$' },
    },
    {
      name: 'limit',
      in: 'query',
      description: 'Most events in the answer; 100 unless given.',
      schema: { type: 'integer', minimum: 1, maximum: MOST_LISTED },
    },
    {
      name: 'target',
      in: 'query',
      description: 'Only events about this target, such as /subscriptions/ID.',
      schema: { type: 'string' },
    },
    {
      name: 'order',
      in: 'query',
      description: 'oldest unless given.',
      schema: { enum: ['oldest', 'newest'] },
    },
  ],
  answers: {
    200: {
      description: 'Events, and where to go on when there are more.',
      contents: {
        'application/json': {
          type: 'object',
          required: ['value'],
          properties: {
            value: {
              type: 'array',
              items: named('AuditEvent', {
                type: 'object',
                required: ['number', 'at', 'actor', 'action', 'target', 'detail', 'hash'],
                properties: {
                  number: { type: 'string', description: 'Whole number: 1, 2, 3, without a gap.' },
                  at: { type: 'string', format: 'date-time' },
                  actor: {
                    type: 'object',
                    properties: {
                      kind: { enum: ['principal', 'command-line', 'system'] },
                      name: { type: 'string' },
                      id: { type: 'string', format: 'uuid' },
                      tenantId: { type: 'string', format: 'uuid' },
                    },
                  },
                  action: { type: 'string' },
                  target: { type: 'string' },
                  detail: { type: 'object' },
                  previousHash: { type: 'string', description: 'SHA-256 in hexadecimal digits.' },
                  hash: { type: 'string', description: 'SHA-256 in hexadecimal digits.' },
                },
              }),
            },
            next: { type: 'string' },
          },
        },
      },
    },
  },
  errors: ['InvalidProperty', 'AuthorizationFailed'],
};

/** The audit trail, for those who may read it. */
export function auditRoutes(
  app: FastifyInstance,
  { db, authenticate }: { readonly db: Queryable; readonly authenticate: Authenticate },
): void {
  app.get('/api/v1/audit', { config: { operation } }, async (request) => {
    const principal = await authenticate(request);
    authorize(principal, 'Stackmeter.Audit/events/read');
    const parameters = queryParameters(request);
    const limit = readNumber(parameters.get('limit') ?? '100', 'limit', MOST_LISTED);
    const given = parameters.get('after');
    const after =
      given === undefined ? undefined : BigInt(readNumber(given, 'after', Number.MAX_SAFE_INTEGER));
    const newestFirst = readOrder(parameters.get('order')) === 'newest';
    const target = parameters.get('target');
    const events = await listAudit(db, { after, limit: limit + 1, target, newestFirst });
    const page = events.slice(0, limit);
    const next = events.length > limit ? { next: String(page.at(-1)?.number) } : {};
    return { value: page.map(toWireEvent), ...next };
  });
}

function readOrder(value = 'oldest'): 'oldest' | 'newest' {
  if (value === 'oldest' || value === 'newest') return value;
  const rule = 'it has to be oldest or newest';
  throw fail('InvalidProperty', { parameter: 'order', value, rule });
}

function readNumber(text: string, parameter: string, most: number): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number.parseInt(text, 10) : -1;
  const least = parameter === 'limit' ? 1 : 0;
  if (value >= least && value <= most) return value;
  const rule = `it has to be a number from ${least} to ${most}`;
  throw fail('InvalidProperty', { parameter, value: text, rule });
}

/** An event as interfaces and commands show it: hashes in hexadecimal digits. */
export function toWireEvent(event: AuditEvent): object {
  const detail: unknown = JSON.parse(event.detail);
  const { actorId, actorTenantId } = event;
  return {
    number: String(event.number),
    at: event.at.toString(),
    actor: {
      kind: event.actorKind,
      name: event.actorName,
      ...(actorId !== undefined && { id: actorId }),
      ...(actorTenantId !== undefined && { tenantId: actorTenantId }),
    },
    action: event.action,
    target: event.target,
    detail,
    previousHash: event.previousHash.toString('hex'),
    hash: event.hash.toString('hex'),
  };
}
