/** Errors of prices, billing accounts, rating, invoices and what is paid. */
export const billingErrors = {
  // Prices
  CurrencyUnknown: {
    status: 400,
    template: "The code '{currency}' is not that of a currency.",
    advice: 'Use a code of ISO 4217, such as EUR.',
  },
  ExchangeRateMissing: {
    status: 409,
    template: 'There is no exchange rate from {from} to {to} for {date}.',
    advice: 'Enter one with stackmeter exchange-rate set; what waits for it goes on by itself.',
  },
  MeterWithoutPrice: {
    status: 409,
    template: 'The price list {priceList} has no price for the meter {meter} on {date}.',
    advice: 'Publish a version of the price list that has one, or say that the meter is not paid.',
  },
  PriceListInvalid: {
    status: 400,
    template: 'The price list cannot be used: {problem}.',
    advice: 'Correct the file; stackmeter price check names every place that is wrong.',
  },
  PriceListNotFound: {
    status: 404,
    template: "There is no price list '{priceList}'.",
    advice: 'List those that there are with stackmeter price list.',
  },
  PriceInThePast: {
    status: 409,
    template:
      'Usage from {effectiveFrom} on may have been rated already, and these prices would change it.',
    advice:
      'Choose a later time, or say that the past is to be corrected: it is then rated anew and the difference posted.',
  },
  TaxUnknown: {
    status: 409,
    template: 'The tax table has no entry for {country} on {date}.',
    advice: 'Enter one with stackmeter tax set; invoices that wait for it are issued then.',
  },
  TermNotFound: {
    status: 404,
    template: "The account has no term '{term}'.",
    advice: 'List the terms of the account; one that has ended cannot be changed.',
  },
  UsageWithoutPrices: {
    status: 409,
    template: 'Usage of the meter {meter} in the period {period} has no price: {problem}.',
    advice: 'Say at which prices the account buys; rating and the invoice go on by themselves.',
  },
  // Billing accounts
  BillingAccountNotFound: {
    status: 404,
    template: "There is no billing account '{account}'.",
    advice: 'List those that you may see with stackmeter account list.',
  },
  BillingAccountIncomplete: {
    status: 409,
    template: "The billing account '{account}' cannot be invoiced: {missing} missing.",
    advice: 'Enter what is missing with stackmeter account set; its invoice is issued then.',
  },
  BillingAccountInUse: {
    status: 409,
    template: "The billing account '{account}' cannot be changed so: {reason}.",
    advice: 'What was billed stays as it was; make another account where it has to be different.',
  },
  BillingPeriodsTooMany: {
    status: 409,
    template:
      'From {from} to {to} the account lacks more than {limit} billing periods, and so many are not made at once.',
    advice:
      'Find out whether the time is right; usage so far from all other of an account is not charged.',
  },
  // Rating and the ledger
  ChargeNotFound: {
    status: 404,
    template: "There is no charge '{charge}'.",
    advice: 'List the charges of an account that you may see with stackmeter rating charges.',
  },
  RatingRangeInvalid: {
    status: 400,
    template: 'The range cannot be rated: {reason}.',
    advice: 'Give a range of whole hours within what has been rated.',
  },
  // Invoices
  DocumentInvalid: {
    status: 409,
    template: 'The invoice {number} breaks rules of the European standard for invoices: {rules}.',
    advice: 'Complete the data of the account, its address and tax numbers above all.',
  },
  InvoiceDocumentNotReady: {
    status: 409,
    template: 'The {kind} of the invoice {number} has not been made yet{reason}.',
    advice: 'Documents are made within minutes after an invoice is issued; ask again then.',
  },
  InvoiceNotFound: {
    status: 404,
    template: "There is no invoice '{number}'.",
    advice: 'Numbers are written as they are printed; list them with stackmeter invoice list.',
  },
  InvoiceLineNotFound: {
    status: 404,
    template: 'The invoice {number} has no line {line}.',
    advice: 'Lines are numbered from 1; the invoice lists them.',
  },
  InvoiceNotOpen: {
    status: 409,
    template: 'The invoice {number} cannot be {action}: {reason}.',
    advice: 'An issued invoice never changes; correct it by a credit note.',
  },
  PeriodNotDue: {
    status: 409,
    template: 'The period {period} of the account is {state} and cannot be invoiced: {reason}.',
    advice: 'Wait until its usage is complete; the job of the server tries again by itself.',
  },
  PaymentInvalid: {
    status: 400,
    template: 'The payment cannot be booked: {reason}.',
    advice: 'Check the amount, the currency and the invoices that it is for.',
  },
  // Webhooks
  WebhookEndpointNotFound: {
    status: 404,
    template: "There is no webhook endpoint '{endpoint}'.",
    advice: 'List the endpoints with stackmeter webhook list.',
  },
  WebhookMessageNotFound: {
    status: 404,
    template: "There is no webhook message '{message}'.",
    advice: 'List the messages of the endpoint; old ones are deleted after a while.',
  },
} as const;
