import type { NotGiven } from '../case.ts';

/** Answers of the contract that no request brings about in this release. */
export const notGiven: readonly NotGiven[] = [
  {
    status: 504,
    code: 'GatewayTimeout',
    reason:
      'The interface answers itself; there is no gateway in front of it that could tire of waiting.',
  },
  {
    status: 409,
    code: 'MissingSubscriptionRegistration',
    reason:
      'Every subscription may use every provider of this stamp; none needs to be registered first.',
  },
  {
    status: 429,
    code: 'TooManyRequests',
    reason: 'Takes as many requests as the budget of an hour has; a scenario spends a small one.',
  },
  {
    status: 409,
    code: 'ReportedWindowUnfit',
    reason: 'Only storage that was damaged brings it about; the tests of the bridge damage some.',
  },
  {
    status: 410,
    code: 'ReportedWindowExpired',
    reason: 'Takes an outage longer than the retention; the tests of the bridge have one.',
  },
  {
    status: 409,
    code: 'TaxUnknown',
    reason:
      'Every installation begins with a tax for all countries, which nobody can remove; the tests of invoicing have a table without one.',
  },
  {
    status: 503,
    code: 'PortalNotBuilt',
    reason: 'bin/stackmeter builds the pages before it starts; the test of the routes has none.',
  },
  {
    status: 409,
    code: 'BudgetsTooMany',
    reason: 'Takes a hundred budgets; the tests of budgets make them.',
  },
  {
    status: 404,
    code: 'ExportRunNotFound',
    reason: 'Takes an export with a destination; the tests of deliveries have one.',
  },
  {
    status: 404,
    code: 'ExportFileNotFound',
    reason: 'Takes a run that has ended; the tests of deliveries have one.',
  },
  {
    status: 404,
    code: 'PortalAssetNotFound',
    reason: 'Takes pages that were built; the test of the routes has some.',
  },
  {
    status: 500,
    code: 'InternalServerError',
    reason: 'Whatever brings it about is a defect.',
  },
];
