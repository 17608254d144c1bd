import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject } from '../../../src/kernel/index.ts';
import { SUBSCRIPTIONS } from '../../conformance/fixture.ts';
import { usageEvent } from './bodies.ts';
import type { Answer } from './https.ts';
import type { AttackedStamp } from './stamp.ts';

/** Ids of things that exist and belong to others. */
export interface ForeignThings {
  readonly roleAssignment: string;
  readonly operation: string;
  readonly acquisition: string;
  readonly quarantined: string;
}

const { otherSubscription } = SUBSCRIPTIONS;

/** Has the operator make something of each kind in somebody else's subscription. */
export async function makeForeignThings(stamp: AttackedStamp): Promise<ForeignThings> {
  const root = stamp.server.stamp.defaultProviderSubscriptionId;
  const admin = `/subscriptions/${root}/providers/Microsoft.Subscriptions.Admin`;
  const group = `/subscriptions/${root}/resourceGroups/g/providers/Microsoft.Subscriptions.Admin`;
  const version = 'api-version=2015-11-01';
  const [roleAssignment, acquisition] = [randomUUID(), randomUUID()];
  const make = async (method: string, path: string, json: unknown): Promise<Answer> => {
    const answer = await stamp.as('operator', { method, path, json });
    assert.ok(answer.status < 300, `${method} ${path} ${answer.status} ${answer.text}`);
    return answer;
  };
  await make('PUT', `${group}/plans/silver?${version}`, { properties: { displayName: 'silver' } });
  await make('PUT', `${group}/offers/gold?${version}`, {
    properties: { displayName: 'gold', state: 'Private' },
  });
  await make('PUT', `${group}/offers/open?${version}`, {
    properties: { displayName: 'open', state: 'Public' },
  });
  const of = `${admin}/subscriptions/${otherSubscription}`;
  const plan = `${group}/plans/silver`;
  await make('PUT', `${of}/acquiredPlans/${acquisition}?${version}`, { planId: plan });
  const roles = `/subscriptions/${otherSubscription}/providers/Microsoft.Authorization`;
  await make('PUT', `${roles}/roleAssignments/${roleAssignment}?api-version=2015-07-01`, {
    properties: {
      roleDefinitionId: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
      principalId: stamp.actor('big').principalId,
    },
  });
  const moved = await make('POST', `${admin}/moveSubscriptions?${version}`, {
    resources: [otherSubscription],
  });
  const [, operation = ''] = /operationresults\/([^?]+)/.exec(moved.headers.location ?? '') ?? [];
  assert.ok(operation !== '', 'a move is told where it can be followed');
  const sent = await make(
    'POST',
    '/api/v1/events',
    usageEvent(otherSubscription, { quantity: 'x' }),
  );
  const [, quarantined = ''] = /"quarantineId":"(\d+)"/.exec(sent.text) ?? [];
  assert.ok(quarantined !== '', sent.text);
  return { roleAssignment, operation, acquisition, quarantined };
}

/** Headers that differ from answer to answer, whatever was asked. */
const PASSING = new Set([
  'date',
  'x-ms-request-id',
  'x-ms-correlation-request-id',
  'x-ms-routing-request-id',
]);
const REMAINING = /^x-ms-ratelimit-remaining/;

/** The text with the id, in any case, replaced by a word. */
export function withoutId(text: string, id: string): string {
  return text.replaceAll(new RegExp(`(?<![\\w-])${id}(?![\\w-])`, 'gi'), '«id»');
}

/** What an answer tells, without what differs from answer to answer and without the id that was asked about. */
export function toldBy({ status, headers, text }: Answer, id: string): string {
  const without = (said: string): string => withoutId(said, id);
  return JSON.stringify({
    status,
    headers: tellingHeaders(headers).map(([name, value]) => [name, without(value)]),
    text: without(text)
      .replaceAll(/"quarantineId":"\d+"/g, '"quarantineId":"«number»"')
      .replaceAll(/"id":"[0-9a-f-]{36}"/g, '"id":"«own»"'),
  });
}

function tellingHeaders(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers)
    .filter(([name]) => !PASSING.has(name))
    .map(([name, value]): [string, string] => [name, REMAINING.test(name) ? 'some' : String(value)])
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** Tables of which nobody who attacks may change a row of others. */
export const GUARDED = [
  'subscription',
  'role_assignment',
  'acquired_plan',
  'offer',
  'directory_tenant',
  'commerce_subscription',
  'registration',
  'registration_base',
  'reporting_period',
  'customer_mapping',
  'received_window',
  'reported_usage',
  'activation',
  'billing_account',
  'account_pricing',
  'account_term',
  'charge',
  'invoice',
  'invoice_line',
  'payment',
  'ledger_entry',
  'price_list_version',
  'webhook_endpoint',
] as const;

/** All rows of a table that are not the attacker's own, as one text. */
export async function rowsOf(
  { server }: AttackedStamp,
  table: (typeof GUARDED)[number],
  without: string,
): Promise<string> {
  const { rows } = await server.database.pool.query<{ row: unknown }>(
    `select to_jsonb(t) as row from ${table} t where to_jsonb(t)::text not like $1 order by to_jsonb(t)::text`,
    [`%${without}%`],
  );
  return rows.map(({ row }) => JSON.stringify(row)).join('\n');
}

/** The address of the next page in an answer. */
export function nextLinkOf(text: string): URL {
  const body: unknown = JSON.parse(text);
  assert.ok(isJsonObject(body) && typeof body['nextLink'] === 'string', text.slice(0, 300));
  return new URL(body['nextLink']);
}
