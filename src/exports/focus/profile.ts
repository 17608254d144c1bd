/** What this system can do and what it cannot, by the names of the criteria by which FOCUS asks for columns. */
export const focusProfile: Readonly<Record<string, boolean>> = {
  ACCOUNT_NAMING: true,
  AVAILABILITY_ZONE: false,
  BILLING_BASED_ON_PROVISIONED_RESOURCES: true,
  CAPACITY_RESERVATION: false,
  COMMITMENT_DISCOUNT: false,
  COMMITMENT_PROGRAMS: false,
  CONTRACT_COMMITMENTS: false,
  DATA_GENERATOR_SPLIT_COST_ALLOCATION: false,
  INVOICE_ISSUER_PAYABLE_INVOICES: true,
  MULTIPLE_BILLING_ACCOUNT_TYPES: true,
  MULTIPLE_PRICING_CATEGORIES: false,
  MULTIPLE_SUB_ACCOUNT_TYPES: false,
  NEGOTIATED_PRICING: true,
  PAYMENT_CURRENCY_DIFFERENCES: false,
  PRICING_BILLING_AGGREGATION_DIFFERENCES: false,
  PRICING_BILLING_CURRENCY_DIFFERENCES: false,
  PUBLIC_PRICE_LIST: true,
  PURCHASE_ORDER: true,
  REGION: true,
  RESOURCE_TYPE_ASSIGNMENT: true,
  SUB_ACCOUNT: true,
  TAGGING: true,
  UNIT_PRICING: true,
  USAGE_MEASUREMENT: true,
  VIRTUAL_CURRENCY: false,
};

/** Facts that hold for every row. */
export const focusFacts: Readonly<Record<string, boolean>> = {
  'generator.authorizedToInvoice': true,
  'generator.originates': true,
};
