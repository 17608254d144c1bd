import type { WireCase } from '../case.ts';
import { accountUsageCases } from './account-usage.ts';
import { activationCases } from './activation.ts';
import { billingAccountCases } from './billing-accounts.ts';
import { billingBookCases } from './billing-books.ts';
import { billingChargeCases } from './billing-charges.ts';
import { billingInvoiceCases } from './billing-invoices.ts';
import { billingPeriodCases } from './billing-periods.ts';
import { billingPriceCases } from './billing-prices.ts';
import { billingResourceCases } from './billing-resources.ts';
import { commerceMeterCases } from './commerce-meters.ts';
import { directoryCases } from './directory.ts';
import { intakeCases } from './intake.ts';
import { meterCases } from './meters.ts';
import { quarantineCases } from './quarantine.ts';
import { customerSubscriptionCases, registrationCases } from './registration.ts';
import { moveCases } from './registration-moves.ts';
import { reportedUsageCases } from './reported-usage.ts';
import { resourceManagerCases } from './resource-manager.ts';
import { serverCases } from './server.ts';
import { wayOutCases } from './way-out.ts';
import { usageAccess } from './usage-access.ts';
import { usagePaging } from './usage-paging.ts';
import { usageParameters } from './usage-parameters.ts';
import { usageRows } from './usage-rows.ts';
import { usageTimes } from './usage-times.ts';

export { notGiven } from './not-given.ts';

/** All wire cases, in the order in which they are run. */
export const cases: readonly WireCase[] = [
  ...serverCases,
  ...usageParameters,
  ...usageTimes,
  ...usageRows,
  ...usagePaging,
  ...usageAccess,
  ...resourceManagerCases,
  ...directoryCases,
  ...intakeCases,
  ...quarantineCases,
  ...meterCases,
  ...registrationCases,
  ...customerSubscriptionCases,
  ...moveCases,
  ...reportedUsageCases,
  ...commerceMeterCases,
  ...accountUsageCases,
  ...activationCases,
  ...billingAccountCases,
  ...billingPriceCases,
  ...billingChargeCases,
  ...billingBookCases,
  ...billingInvoiceCases,
  ...billingPeriodCases,
  ...billingResourceCases,
  ...wayOutCases,
];
