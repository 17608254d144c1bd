import type { FastifyInstance } from 'fastify';
import { fail, hourNumber, hourOf, hourStart, type Instant } from '../../kernel/index.ts';
import { authorize, type Authenticate } from '../../identity/index.ts';
import {
  json,
  named,
  plainSchemas,
  queryParameters,
  type Clock,
  type Database,
  type Operation,
} from '../../platform/index.ts';
import type { IntakeEngine } from './engine.ts';
import { listEmitters, readPresentHour, type Emitter } from './emitter-store.ts';

export interface EmittersApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  readonly engine: IntakeEngine;
}

const MOST_HOURS = 31 * 24;
const MOST_LISTED = 1000;

const { text, guid, time } = plainSchemas;

const emitter = named('Emitter', {
  type: 'object',
  required: ['principalId', 'tenantId', 'disabled', 'records'],
  properties: {
    principalId: guid,
    tenantId: guid,
    name: { ...text, description: 'Absent for a principal of another directory.' },
    disabled: { type: 'boolean' },
    provider: {
      ...text,
      description: 'Namespace; absent for one that may emit for any and never did.',
    },
    lastRecordAt: { ...time, description: 'When a record was counted last; absent: never.' },
    silentSince: {
      ...time,
      description:
        'There when nothing was counted in the hour that is open nor in the one before: since when.',
    },
    records: { ...text, description: 'Counted in the closed hours asked for.' },
  },
});

/** What the route tells of itself. */
const operation: Operation = {
  id: 'listEmitters',
  tag: 'intake',
  summary: 'Who emits for which resource provider, and who has fallen silent',
  description:
    'Those who have not been heard for longest first. One that has the role of an emitter and never sent anything is listed too.',
  access: 'token',
  surface: 'operator',
  parameters: [
    {
      name: 'hours',
      in: 'query',
      description: 'How many closed reported hours `records` is about; 24 unless given.',
      schema: { type: 'integer', minimum: 1, maximum: MOST_HOURS },
    },
  ],
  answers: {
    200: {
      description: 'The emitters.',
      contents: json({
        type: 'object',
        required: ['value', 'hours', 'more'],
        properties: {
          value: { type: 'array', maxItems: MOST_LISTED, items: emitter },
          hours: {
            type: 'object',
            description: 'What `records` is about, the end exclusive.',
            properties: { from: time, to: time },
          },
          more: { type: 'boolean', description: 'Whether there are more than are listed.' },
        },
      }),
    },
  },
  errors: ['InvalidProperty'],
};

/** Who emits, and who has stopped: the operator's. */
export function emitterRoutes(app: FastifyInstance, api: EmittersApi): void {
  const { database, clock, engine } = api;
  app.get('/api/v1/emitters', { config: { operation } }, async (request) => {
    const principal = await api.authenticate(request);
    authorize(principal, 'Stackmeter.Metering/windows/read');
    authorize(principal, 'Stackmeter.Identity/principals/read');
    const hours = readHours(queryParameters(request).get('hours'));
    await engine.activity.save(database.pool);
    const to = (await readPresentHour(database.pool)) ?? hourOf(clock.now());
    const range = { from: to - hours, to };
    const emitters = await listEmitters(database.pool, { ...range, limit: MOST_LISTED + 1 });
    const silentBefore = hourStart(hourNumber(to - 1));
    return {
      value: emitters.slice(0, MOST_LISTED).map((each) => toWire(each, silentBefore)),
      hours: {
        from: hourStart(hourNumber(range.from)).toString(),
        to: hourStart(hourNumber(range.to)).toString(),
      },
      more: emitters.length > MOST_LISTED,
    };
  });
}

function readHours(value = '24'): number {
  const hours = /^[0-9]{1,3}$/.test(value) ? Number.parseInt(value, 10) : 0;
  if (hours >= 1 && hours <= MOST_HOURS) return hours;
  const rule = `it has to be a number from 1 to ${MOST_HOURS}`;
  throw fail('InvalidProperty', { parameter: 'hours', value, rule });
}

function toWire(each: Emitter, silentBefore: Instant): object {
  const { principalId, tenantId, name, provider, lastAt, permittedSince } = each;
  const isSilent = lastAt === undefined || Temporal.Instant.compare(lastAt, silentBefore) < 0;
  const since = isSilent ? (lastAt ?? permittedSince) : undefined;
  return {
    principalId,
    tenantId,
    ...(name !== undefined && { name }),
    disabled: each.isDisabled,
    ...(provider !== undefined && { provider }),
    ...(lastAt !== undefined && { lastRecordAt: lastAt.toString() }),
    ...(since !== undefined && { silentSince: since.toString() }),
    records: String(each.records),
  };
}
