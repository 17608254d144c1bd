import { ClientSecretCredential, type TokenCredential } from '@azure/identity';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { runSteps, type Steps } from './steps.ts';

export interface Told {
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly operator: { readonly clientId: string; readonly clientSecret: string };
  readonly reseller: { readonly clientId: string; readonly clientSecret: string };
  readonly operatorSubscription: string;
  readonly resellerSubscription: string;
  readonly bigSubscription: string;
  readonly otherSubscription: string;
}

/** An answer as it came. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

type Parameters = Readonly<Record<string, string>>;

const VERSION = { 'api-version': '2015-06-01-preview' };
const DAY = {
  reportedStartTime: '2018-06-02T00:00:00+00:00Z',
  reportedEndTime: '2018-06-03T00:00:00+00:00Z',
  aggregationGranularity: 'Daily',
  ...VERSION,
};
const HOURS = {
  ...DAY,
  reportedStartTime: '2018-06-02T05:00:00Z',
  reportedEndTime: '2018-06-02T08:00:00Z',
  aggregationGranularity: 'Hourly',
};

/** The provider interface, for which no package is known: the pipeline under the newer packages, put together by hand. */
runSteps((told: Told): Steps => {
  const credential = ({ clientId, clientSecret }: Told['operator']): ClientSecretCredential =>
    new ClientSecretCredential(told.tenantId, clientId, clientSecret, {
      authorityHost: `${told.baseUrl}/adfs/stackmeter`,
      disableInstanceDiscovery: true,
    });
  const httpClient = createDefaultHttpClient();
  const fetcher = (who: TokenCredential): ((url: string) => Promise<Reply>) => {
    const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
    pipeline.addPolicy(
      bearerTokenAuthenticationPolicy({ credential: who, scopes: `${told.baseUrl}/.default` }),
    );
    return async (url) => {
      const answer = await pipeline.sendRequest(httpClient, createPipelineRequest({ url }));
      return { status: answer.status, text: answer.bodyAsText ?? '' };
    };
  };
  const asOperator = fetcher(credential(told.operator));
  const asReseller = fetcher(credential(told.reseller));
  const address = (
    parameters: Parameters,
    { namespace = 'Microsoft.Commerce.Admin', subscription = told.operatorSubscription } = {},
  ): string =>
    `${told.baseUrl}/subscriptions/${subscription}/providers/${namespace}/subscriberUsageAggregates` +
    `?${new URLSearchParams(parameters).toString()}`;
  const pages = async (url: string): Promise<Reply[]> => {
    const all: Reply[] = [];
    for (let next: string | undefined = url; next !== undefined;) {
      const reply: Reply = await asOperator(next);
      all.push(reply);
      next = JSON.parse(reply.text).nextLink;
    }
    return all;
  };
  const reseller = { subscription: told.resellerSubscription };
  const empty = { aggregationGranularity: '', subscriberId: '', continuationToken: '' };
  return {
    pages: () => pages(address(HOURS)),
    older: () => asOperator(address(DAY, { namespace: 'Microsoft.Commerce' })),
    newer: () => asOperator(address(DAY)),
    emptyParameters: () => asOperator(address({ ...DAY, ...empty })),
    rawPlus: () => asOperator(address(DAY).replaceAll('%2B', '+').replaceAll('%3A', ':')),
    one: () => asOperator(address({ ...DAY, subscriberId: told.otherSubscription })),
    below: () => asReseller(address(DAY, reseller)),
    above: () => asReseller(address(DAY)),
    notBelow: () => asReseller(address({ ...DAY, subscriberId: told.otherSubscription }, reseller)),
    noVersion: () => asOperator(address(DAY).replace(/&api-version=[^&]*/, '')),
    otherQuery: async () => {
      const { nextLink } = JSON.parse((await asOperator(address(HOURS))).text);
      return asOperator(
        `${nextLink}`.replace(
          'subscriberUsageAggregates?',
          `$&subscriberId=${told.bigSubscription}&`,
        ),
      );
    },
  };
});
