import { ClientSecretCredential, type TokenCredential } from '@azure/identity';
import { UsageManagementClient as MsRestClient } from '@azure/arm-commerce';
import {
  getContinuationToken,
  UsageManagementClient as HybridClient,
  type UsageAggregatesListOptionalParams as HybridOptions,
  type UsageAggregation,
} from '@azure/arm-commerce-profile-2020-09-01-hybrid';
import { runSteps, type Steps } from './steps.ts';

export interface Told {
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly operator: { readonly clientId: string; readonly clientSecret: string };
  readonly tenant: { readonly clientId: string; readonly clientSecret: string };
  readonly tenantSubscription: string;
  readonly otherSubscription: string;
  readonly bigSubscription: string;
  readonly unknownSubscription: string;
}

/** A row as the client hands it over, with what it is made of. */
export interface Seen {
  readonly row: UsageAggregation;
  readonly types: Readonly<Record<string, string>>;
}

export interface Page {
  readonly names: readonly string[];
  readonly link: string | undefined;
}

const time = (text: string): Date => new Date(`${text}:00:00Z`);
const JUNE_1 = time('2018-06-01T00');
const JUNE_2 = time('2018-06-02T00');
const [FROM, TO] = [time('2018-06-02T07'), time('2018-06-02T08')];
const HOURLY = { aggregationGranularity: 'Hourly' } as const;

runSteps((told: Told): Steps => {
  const credential = ({ clientId, clientSecret }: Told['tenant']): ClientSecretCredential =>
    new ClientSecretCredential(told.tenantId, clientId, clientSecret, {
      authorityHost: `${told.baseUrl}/adfs/stackmeter`,
      disableInstanceDiscovery: true,
      retryOptions: { maxRetries: 0 },
    });
  const operator = credential(told.operator);
  const tenant = credential(told.tenant);
  const wrong = credential({ ...told.tenant, clientSecret: 'wrong' });
  const fixed = (token: string): TokenCredential => ({
    getToken: () => Promise.resolve({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
  });
  const altered: TokenCredential = {
    getToken: async (scopes, options) => {
      const { token, ...rest } = await tenant.getToken(scopes, options);
      const [header, payload = '', signature] = token.split('.');
      const claims = Buffer.from(payload, 'base64url').toString();
      const longer = claims.replace(/"exp":(\d)/, '"exp":9$1');
      return {
        ...rest,
        token: [header, Buffer.from(longer).toString('base64url'), signature].join('.'),
      };
    },
  };
  return {
    ...hybridSteps(told, { operator, tenant, wrong, fixed, altered }),
    ...msRestSteps(told, { operator, tenant, fixed }),
  };
});

interface Credentials {
  readonly operator: TokenCredential;
  readonly tenant: TokenCredential;
  readonly fixed: (token: string) => TokenCredential;
}

function hybridSteps(
  told: Told,
  {
    operator,
    tenant,
    wrong,
    fixed,
    altered,
  }: Credentials & Record<'wrong' | 'altered', TokenCredential>,
): Steps {
  const client = (
    who: TokenCredential,
    subscriptionId: string,
    apiVersion?: string,
  ): HybridClient =>
    new HybridClient(who, subscriptionId, {
      endpoint: told.baseUrl,
      retryOptions: { maxRetries: 0 },
      ...(apiVersion !== undefined && { apiVersion }),
    });
  const first = async (
    who: TokenCredential,
    options: HybridOptions = {},
    [from, to, subscriptionId, apiVersion]: readonly [Date?, Date?, string?, string?] = [],
  ): Promise<UsageAggregation | undefined> => {
    const { usageAggregates } = client(who, subscriptionId ?? told.tenantSubscription, apiVersion);
    return (await usageAggregates.list(from ?? JUNE_1, to ?? JUNE_2, options).next()).value;
  };
  const big = client(operator, told.bigSubscription).usageAggregates;
  const pages = async (
    settings?: { continuationToken: string },
    options: HybridOptions = HOURLY,
  ): Promise<Page[]> => {
    const all: Page[] = [];
    for await (const page of big.list(FROM, TO, options).byPage(settings)) {
      all.push({ names: page.map(uriOf), link: getContinuationToken(page) });
    }
    return all;
  };
  const secondLink = async (): Promise<string> => (await pages())[0]!.link!;
  return {
    withSlash: () =>
      new HybridClient(tenant, told.tenantSubscription, {
        endpoint: `${told.baseUrl}/`,
      }).usageAggregates
        .list(JUNE_1, JUNE_2)
        .next(),
    withDetails: () => first(tenant, { showDetails: true }),
    seen: async (): Promise<Seen> => describe((await first(tenant))!),
    rows: async () => {
      const rows: string[] = [];
      for await (const row of big.list(FROM, TO, HOURLY)) rows.push(uriOf(row));
      return rows;
    },
    pages: () => pages(),
    resumed: async () => pages({ continuationToken: await secondLink() }),
    plainToken: async () =>
      pages(undefined, { ...HOURLY, continuationToken: tokenOf(await secondLink()) }),
    otherQuery: async () => pages(undefined, { continuationToken: tokenOf(await secondLink()) }),
    alteredToken: async () =>
      pages(undefined, { ...HOURLY, continuationToken: `${tokenOf(await secondLink())}A` }),
    wrongSecret: () => first(wrong),
    garbage: () => first(fixed('garbage')),
    altered: () => first(altered),
    foreign: () => first(tenant, {}, [JUNE_1, JUNE_2, told.otherSubscription]),
    foreignAndUnknown: () => first(tenant, {}, [JUNE_1, JUNE_2, told.unknownSubscription]),
    unknown: () => first(operator, {}, [JUNE_1, JUNE_2, told.unknownSubscription]),
    backwards: () => first(tenant, {}, [JUNE_2, JUNE_1]),
    offMidnight: () => first(tenant, {}, [time('2018-06-01T07')]),
    future: () => first(tenant, {}, [JUNE_1, time('2100-01-01T00')]),
    apiVersion: () => first(tenant, {}, [JUNE_1, JUNE_2, told.tenantSubscription, '2014-01-01']),
    open: () => first(tenant, HOURLY, [time('2018-06-05T00'), time('2018-06-05T01')]),
    expired: () => first(tenant, HOURLY, [time('2018-01-01T00'), time('2018-01-01T01')]),
  };
}

function msRestSteps(told: Told, { operator, tenant, fixed }: Credentials): Steps {
  const client = (who: TokenCredential, subscriptionId: string): MsRestClient =>
    // Its scope is https://management.azure.com/.default, whatever the address.
    new MsRestClient(who, subscriptionId, { baseUri: told.baseUrl, noRetryPolicy: true });
  const own = client(tenant, told.tenantSubscription).usageAggregates;
  const big = client(operator, told.bigSubscription).usageAggregates;
  const follow = async (options: object): Promise<Page> => {
    const { nextLink } = await big.list(FROM, TO, HOURLY);
    const page = await big.listNext(nextLink!, FROM, TO, options);
    return { names: page.map(uriOf), link: page.nextLink };
  };
  return {
    msRestSeen: async () => describe((await own.list(JUNE_1, JUNE_2))[0]!),
    msRestPages: async () => {
      const all: Page[] = [];
      let page = await big.list(FROM, TO, HOURLY);
      all.push({ names: page.map(uriOf), link: page.nextLink });
      while (page.nextLink !== undefined) {
        page = await big.listNext(page.nextLink, FROM, TO, HOURLY);
        all.push({ names: page.map(uriOf), link: page.nextLink });
      }
      return all;
    },
    msRestAsDaily: () => follow({}),
    msRestOtherTimes: async () => {
      const { nextLink } = await big.list(FROM, TO, HOURLY);
      return big.listNext(nextLink!, FROM, time('2018-06-02T09'), HOURLY);
    },
    msRestForeign: () =>
      client(tenant, told.otherSubscription).usageAggregates.list(JUNE_1, JUNE_2),
    msRestGarbage: () =>
      client(fixed('garbage'), told.tenantSubscription).usageAggregates.list(JUNE_1, JUNE_2),
    msRestPlain: () =>
      new MsRestClient(fixed('x'), told.tenantSubscription, {
        baseUri: told.baseUrl.replace('https:', 'http:'),
        noRetryPolicy: true,
      }).usageAggregates.list(JUNE_1, JUNE_2),
    msRestBackwards: () => own.list(JUNE_2, JUNE_1),
  };
}

function tokenOf(link: string): string {
  return new URL(link).searchParams.get('continuationToken') ?? '';
}

interface Row {
  readonly instanceData?: string;
}

function uriOf({ instanceData = '{}' }: Row): string {
  return JSON.parse(instanceData)['Microsoft.Resources'].resourceUri;
}

function describe(row: UsageAggregation): Seen {
  const types = Object.entries(row).map(([key, value]) => [
    key,
    value instanceof Date ? 'Date' : typeof value,
  ]);
  return { row, types: Object.fromEntries(types) };
}
