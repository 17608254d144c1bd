import type { Arguments } from './arguments.ts';
import type { Context } from './context.ts';
import { withStamp } from './context.ts';
import { readConnection, requireServer, type Connection } from './connection.ts';
import { toJson, write } from './output.ts';
import { shellWord } from './serve.ts';

/** `connect`: how to reach the server that runs on the data folder. */
export async function connect(context: Context, values: Arguments): Promise<void> {
  const { baseUrl } = await requireServer(context);
  const { connection, exampleDay } = await withStamp(context, (open) =>
    readConnection(context, baseUrl, open),
  );
  const text = context.json
    ? toJson(connection)
    : values.flag('shell')
      ? inShell(connection)
      : inWords(connection, exampleQuery(connection, exampleDay));
  await write(context.output.out, text);
}

/** Lines for a shell to take over with eval: BASE_URL, CLIENT_ID and so on, as the keys in JSON are called. */
function inShell(connection: Connection): string {
  const lines = Object.entries(connection).map(([key, value]) => {
    const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    return `export ${name}=${shellWord(String(value ?? ''))}\n`;
  });
  return lines.join('');
}

const NO_DAY = '(no reported day is closed yet)';

function inWords(connection: Connection, query: string): string {
  const values = [
    ['Address', connection.baseUrl],
    ['CA file', connection.caFile],
    ['Authority', connection.authorityUrl],
    ['Tenant', connection.tenantId],
    ['Client id', connection.clientId],
    ['Client secret', connection.clientSecret],
    ['Operator subscription', connection.operatorSubscription],
    ['A tenant subscription', connection.subscriptionId ?? '(there is none yet)'],
    ['Commerce subscription', connection.commerceSubscriptionId ?? '(there is none yet)'],
    ['Registration', connection.registrationResourceId ?? '(there is none yet)'],
    ['First closed day', connection.start ?? NO_DAY],
    ['Last closed day', connection.end ?? NO_DAY],
  ] as const;
  return [
    ...values.map(([name, value]) => `${`${name}:`.padEnd(23)}${value}`),
    '',
    '# Azure CLI',
    ...azCommands(connection, query),
    '',
    '# curl',
    ...curlCommands(connection, query),
    '',
  ].join('\n');
}

function azCommands(connection: Connection, query: string): string[] {
  const { baseUrl, caFile, clientId, clientSecret, tenantId } = connection;
  return [
    `export REQUESTS_CA_BUNDLE=${shellWord(caFile)}`,
    `az cloud register --name stackmeter --endpoint-resource-manager ${shellWord(baseUrl)} --profile 2020-09-01-hybrid`,
    'az cloud set --name stackmeter',
    `az login --service-principal --username ${clientId} --password=${shellWord(clientSecret)} --tenant ${tenantId}`,
    `az rest --method get --url ${shellWord(query)}`,
  ];
}

function curlCommands(connection: Connection, query: string): string[] {
  const { baseUrl, caFile, authorityUrl, clientId, clientSecret, tenantId } = connection;
  const ca = `--cacert ${shellWord(caFile)}`;
  const fields = [
    'grant_type=client_credentials',
    `client_id=${clientId}`,
    `client_secret=${clientSecret}`,
    `scope=${baseUrl}/.default`,
  ].map((field) => `--data-urlencode ${shellWord(field)}`);
  return [
    `token=$(curl -sS ${ca} ${shellWord(`${authorityUrl}/${tenantId}/oauth2/token`)} \\`,
    `  ${fields.join(' \\\n  ')} \\`,
    `  | sed -E 's/.*"access_token" *: *"([^"]+)".*/\\1/')`,
    `curl -sS ${ca} -H "Authorization: Bearer $token" \\`,
    `  ${shellWord(`${baseUrl}${query}`)}`,
  ];
}

/** A query for the usage of a day; for the subscriptions while there is no closed day to ask for. */
function exampleQuery({ operatorSubscription }: Connection, day: string | null): string {
  if (day === null) return '/subscriptions?api-version=2016-06-01';
  const end = Temporal.Instant.from(day).add({ hours: 24 });
  return (
    `/subscriptions/${operatorSubscription}/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates` +
    `?api-version=2015-06-01-preview&reportedStartTime=${day}&reportedEndTime=${end.toString()}` +
    '&aggregationGranularity=Daily'
  );
}
