/**
 * Everything that a caller can be allowed to do here, by the names that the resource manager gives
 * such things: namespace, type, verb. Routes ask for these, roles are made of them, and the list of
 * operations of each resource provider is read from here.
 */
export const actions = {
  'Microsoft.Commerce/usageAggregates/read': 'Read the usage of a subscription',
  'Microsoft.Commerce.Admin/subscriberUsageAggregates/read':
    'Read the usage of the subscriptions below a provider',
  'Microsoft.Subscriptions/subscriptions/read': 'See a subscription',
  'Microsoft.Subscriptions/subscriptions/write': 'Rename a subscription',
  'Microsoft.Subscriptions/subscriptions/delete': 'Give a subscription up',
  'Microsoft.Subscriptions.Admin/read': 'See the directory of a provider',
  'Microsoft.Subscriptions.Admin/write': 'Change the directory of a provider',
  'Microsoft.Authorization/roleAssignments/read': 'See who has which role',
  'Microsoft.Authorization/roleAssignments/write': 'Assign roles',
  'Microsoft.Authorization/roleAssignments/delete': 'Take roles away',
  'Microsoft.Authorization/roleDefinitions/read': 'See what each role allows',
  'Microsoft.Resources/providers/read': 'See which resource providers there are',
  'Stackmeter.Metering/usage/emit': 'Send usage records',
  'Stackmeter.Metering/meters/read': 'See the meters',
  'Stackmeter.Metering/meters/write': 'Add meters',
  'Stackmeter.Metering/quarantine/read': 'See records that could not be counted',
  'Stackmeter.Metering/quarantine/write': 'Replay or discard records that could not be counted',
  'Stackmeter.Metering/windows/read': 'See the reported windows',
  'Microsoft.AzureBridge.Admin/activations/read':
    'See how a stamp is registered, and what it reported',
  'Microsoft.AzureBridge.Admin/activations/write': 'Activate a stamp, and change what proves it',
  'Microsoft.AzureBridge.Admin/activations/delete': 'End the activation of a stamp',
  'Microsoft.AzureStack/registrations/read': 'See the registrations of stamps',
  'Microsoft.AzureStack/registrations/write': 'Register stamps',
  'Microsoft.AzureStack/registrations/delete': 'Remove registrations',
  'Microsoft.AzureStack/registrations/getActivationKey/action': 'Get the activation key of a stamp',
  'Microsoft.AzureStack/registrations/customerSubscriptions/read':
    'See to which subscription the usage of which directory goes',
  'Microsoft.AzureStack/registrations/customerSubscriptions/write':
    'Map the usage of a directory to a subscription',
  'Microsoft.AzureStack/registrations/customerSubscriptions/delete':
    'End the mapping of a directory',
  'Microsoft.Consumption/usageDetails/read': 'Read what was used in detail',
  'Microsoft.Billing/billingPeriods/read': 'See the billing periods of a subscription',
  'Microsoft.Billing/invoices/read': 'See the invoices of a subscription',
  'Microsoft.Commerce/rateCard/read': 'See the prices of a subscription',
  'Stackmeter.Billing/accounts/read': 'See billing accounts, their terms and periods',
  'Stackmeter.Billing/accounts/write': 'Make and change billing accounts and their terms',
  'Stackmeter.Billing/prices/read': 'See price lists, exchange rates and taxes; quote by them',
  'Stackmeter.Billing/prices/write': 'Publish price lists, enter exchange rates and taxes',
  'Stackmeter.Billing/charges/read': 'See what usage costs before it is invoiced',
  'Stackmeter.Billing/charges/write': 'Rate usage anew',
  'Stackmeter.Billing/invoices/read': 'See invoices, their documents and what explains them',
  'Stackmeter.Billing/invoices/write': 'Issue invoices and cancel them',
  'Stackmeter.Billing/payments/read': 'See payments and statements',
  'Stackmeter.Billing/payments/write': 'Book payments',
  'Stackmeter.Billing/ledger/read': 'See the ledger',
  'Stackmeter.Billing/webhooks/read': 'See webhook endpoints and what was sent to them',
  'Stackmeter.Billing/webhooks/write': 'Make and change webhook endpoints, and send again',
  'Stackmeter.Billing/adapters/read':
    'See the adapters to other billing systems, and their dead letters',
  'Stackmeter.Billing/adapters/write':
    'Make and change adapters to other billing systems, and send again',
  'Microsoft.Consumption/budgets/read': 'See budgets and their alerts',
  'Microsoft.Consumption/budgets/write': 'Make and change budgets',
  'Microsoft.Consumption/budgets/delete': 'Remove budgets',
  'Microsoft.CostManagement/exports/read': 'See exports, their runs and files',
  'Microsoft.CostManagement/exports/write': 'Make, change and run exports',
  'Microsoft.CostManagement/exports/delete': 'Remove exports',
  'Stackmeter.Commerce/subscriptions/read': 'See the subscriptions that commerce bills',
  'Stackmeter.Commerce/subscriptions/write': 'Make and change subscriptions that commerce bills',
  'Stackmeter.Commerce/meters/read': 'See which meters of stamps are which in commerce',
  'Stackmeter.Commerce/meters/write': 'Change which meters of stamps are which in commerce',
  'Stackmeter.Commerce/reportedUsage/read': 'Read statements and sums of what stamps reported',
  'Stackmeter.Commerce/utilizations/read': 'Read the usage of a customer as its partner',
  'Stackmeter.Metering/reconciliation/read': 'Compare what was used with what was reported',
  'Stackmeter.Identity/principals/read': 'See clients and users',
  'Stackmeter.Identity/principals/write': 'Make, change and remove clients and users',
  'Stackmeter.Audit/events/read': 'Read the audit trail',
} as const satisfies Record<string, string>;

export type Action = keyof typeof actions;

/** Every action, in the order of the list. */
export const allActions = Object.keys(actions).filter(isAction);

function isAction(name: string): name is Action {
  return Object.hasOwn(actions, name);
}
