import { readFile } from 'node:fs/promises';
import { dayNumber, dayStart, isJsonObject, parseExactJson } from '../kernel/index.ts';
import { callHttps } from '../platform/index.ts';
import type { Server } from '../server/index.ts';

/** A first query against the running server, made for real: what to type and what came back. */
export interface FirstLook {
  readonly url: string;
  readonly rows: readonly unknown[];
  readonly more: boolean;
}

const ROWS_SHOWN = 3;

/** Asks the provider interface for the last closed day, signed in as the operator, over HTTPS like anybody else. */
export async function firstLook(server: Server): Promise<FirstLook | undefined> {
  const { rows } = await server.database.pool.query<{ day: number | null }>(
    `select max(number) as day from reported_window where granularity = 'day' and state = 'closed'`,
  );
  const day = rows[0]?.day ?? undefined;
  if (day === undefined) return undefined;
  const ca = await readFile(server.caFile, 'utf8');
  const token = await fetchToken(server, ca);
  const at = (number: number): string => dayStart(dayNumber(number)).toString().slice(0, 10);
  const url =
    `${server.baseUrl}/subscriptions/${server.stamp.defaultProviderSubscriptionId}` +
    `/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates` +
    `?api-version=2015-06-01-preview&reportedStartTime=${at(day)}&reportedEndTime=${at(day + 1)}`;
  // Shown as it came: a quantity has more digits than a double.
  const answer = parseExactJson(
    (await callHttps(url, { ca, headers: { authorization: `Bearer ${token}` } })).text,
  );
  if (!isJsonObject(answer)) return undefined;
  const value: readonly unknown[] = Array.isArray(answer['value']) ? answer['value'] : [];
  return { url, rows: value.slice(0, ROWS_SHOWN), more: 'nextLink' in answer };
}

async function fetchToken(server: Server, ca: string): Promise<string> {
  const { clientId, clientSecret, tenantId } = server.operator;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${server.baseUrl}/.default`,
  }).toString();
  const { text } = await callHttps(`${server.baseUrl}/adfs/${tenantId}/oauth2/token`, {
    ca,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  const answer: unknown = JSON.parse(text);
  const token = isJsonObject(answer) ? answer['access_token'] : undefined;
  if (typeof token !== 'string') throw new Error('the authority gave no token');
  return token;
}
