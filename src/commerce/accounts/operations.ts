import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type OperationParameter,
  type Schema,
} from '../../platform/index.ts';
import { accountKinds, languages, lateUsagePolicies } from './account.ts';
import { periodStates } from './period.ts';

const { text, guid, time, decimal } = plainSchemas;

const said = {
  kind: { enum: [...accountKinds] },
  parentId: { ...guid, description: 'The account above; of the provider there is none.' },
  subscriptionId: { ...guid, description: 'Of commerce; roles on it are roles on the account.' },
  name: text,
  street: text,
  street2: text,
  city: text,
  postalCode: text,
  region: text,
  country: { type: 'string', description: 'Two letters of ISO 3166-1.' },
  taxId: text,
  registrationId: text,
  email: text,
  phone: text,
  taxExemption: { type: 'string', description: 'Why its purchases are not taxed.' },
  buyerReference: { type: 'string', description: 'What it wants to find on its invoices.' },
  seriesPrefix: { type: 'string', description: 'Before the numbers of invoices that it issues.' },
  iban: text,
  bic: text,
  currency: { type: 'string', description: 'ISO 4217.' },
  language: { enum: [...languages] },
  billingDay: { type: 'integer', minimum: 1, maximum: 28 },
  timeZone: { type: 'string', description: 'Such as Europe/Paris.' },
  lateUsage: { enum: [...lateUsagePolicies] },
  waitHours: { type: 'integer', minimum: 0, maximum: 744 },
  reviewDays: { type: 'integer', minimum: 0, maximum: 60 },
  paymentDays: { type: 'integer', minimum: 0, maximum: 365 },
} satisfies Readonly<Record<string, Schema>>;

const account = named('BillingAccount', {
  type: 'object',
  required: ['accountId', 'kind', 'name', 'currency', 'timeZone', 'etag'],
  properties: {
    accountId: guid,
    ...said,
    hasLogo: { type: 'boolean' },
    etag: text,
    createdAt: time,
    updatedAt: time,
  },
});

const basis = {
  priceListId: { type: 'string', description: 'Instead of a markup.' },
  markupPercent: {
    ...decimal,
    description: 'On top of what its seller pays; 10 is ten percent. Instead of a price list.',
  },
  effectiveFrom: { ...time, description: 'A whole hour of usage.' },
};
const pricing = named('AccountPricing', {
  type: 'object',
  required: ['version', 'effectiveFrom'],
  properties: { version: { type: 'integer', minimum: 1 }, ...basis, createdAt: time },
});

const definition: Schema = {
  type: 'object',
  required: ['kind'],
  description: 'kind fee, discount, credit or commitment, and what that kind has.',
  properties: { kind: { enum: ['fee', 'discount', 'credit', 'commitment'] } },
};
const termSaid = {
  name: text,
  definition,
  effectiveFrom: { ...time, description: 'A whole hour.' },
  effectiveTo: { ...time, description: 'A whole hour, exclusive; until it is ended unless given.' },
};
const term = named('AccountTerm', {
  type: 'object',
  required: ['termId', 'name', 'definition', 'effectiveFrom'],
  properties: { termId: guid, ...termSaid, createdAt: time },
});

const period = named('BillingAccountPeriod', {
  type: 'object',
  required: ['name', 'from', 'to', 'state'],
  properties: {
    name: { type: 'string', description: 'Such as 202610-1: the month in which it begins.' },
    from: time,
    to: { ...time, description: 'Exclusive.' },
    state: { enum: [...periodStates] },
    reviewStartedAt: time,
    held: { type: 'string', description: 'Why it is not invoiced by itself.' },
  },
});

const SKIP_TOKEN: OperationParameter = {
  name: '$skiptoken',
  in: 'query',
  description: 'From the nextLink of the page before.',
  schema: text,
};
const IF_MATCH: OperationParameter = {
  name: 'If-Match',
  in: 'header',
  description: 'Only when the entity tag is still this one; 412 otherwise.',
  schema: text,
};

const common = { tag: 'billing accounts', access: 'token' } as const;
const change = { ...common, surface: 'operator' } as const;
const CHANGE_ERRORS = [
  'BillingAccountInUse',
  'BillingAccountNotFound',
  'SubscriptionNotFound',
  'Conflict',
  'PreconditionFailed',
] as const;
const body = (properties: Readonly<Record<string, Schema>>): NonNullable<Operation['body']> => ({
  required: true,
  contents: json({ type: 'object', properties }),
});
const one = (description: string, schema: Schema): Operation['answers'][number] => ({
  description,
  contents: json(schema),
  headers: { etag: 'Entity tag.' },
});
const pictures = {
  'image/png': { type: 'string', format: 'binary' },
  'image/jpeg': { type: 'string', format: 'binary' },
};

/** What the routes of billing accounts tell of themselves. */
export const accountOperations = {
  list: {
    ...common,
    id: 'listBillingAccounts',
    summary: 'The billing accounts that the caller may see',
    parameters: [
      { name: 'kind', in: 'query', description: 'Only these.', schema: said.kind },
      { name: 'parent', in: 'query', description: 'Only those directly below.', schema: guid },
      SKIP_TOKEN,
    ],
    answers: { 200: listAnswer('By id.', account) },
  },
  show: {
    ...common,
    id: 'getBillingAccount',
    summary: 'One billing account, by its id or that of its subscription',
    answers: { 200: one('It.', account) },
    errors: ['BillingAccountNotFound'],
  },
  put: {
    ...change,
    id: 'putBillingAccount',
    summary: 'Makes a billing account, or changes it',
    description:
      'What is left out of a change stays; null takes away what need not be there. What was charged keeps kind, place, subscription and currency as they are.',
    parameters: [IF_MATCH],
    body: body(said),
    answers: { 200: one('As it is now.', account), 201: one('It is there now.', account) },
    errors: CHANGE_ERRORS,
  },
  patch: {
    ...change,
    id: 'updateBillingAccount',
    summary: 'Changes a billing account',
    parameters: [IF_MATCH],
    body: body(said),
    answers: { 200: one('As it is now.', account) },
    errors: CHANGE_ERRORS,
  },
  logo: {
    ...common,
    id: 'getBillingAccountLogo',
    summary: 'The picture for the invoices of an account',
    answers: { 200: { description: 'It.', contents: pictures } },
    errors: ['BillingAccountNotFound', 'NotFound'],
  },
  putLogo: {
    ...change,
    id: 'putBillingAccountLogo',
    summary: 'Gives an account the picture for the invoices that it issues',
    description: 'PNG or JPEG of at most 200,000 bytes.',
    body: { required: true, contents: pictures },
    answers: { 204: { description: 'It has it.' } },
    errors: ['BillingAccountNotFound'],
  },
  deleteLogo: {
    ...change,
    id: 'deleteBillingAccountLogo',
    summary: 'Takes the picture away',
    answers: { 204: { description: 'It has none.' } },
    errors: ['BillingAccountNotFound'],
  },
  pricings: {
    ...common,
    id: 'listAccountPricings',
    summary: 'At which prices an account buys, and bought',
    description:
      'For those who may see its seller: a markup tells what the seller pays. What an account pays for a unit is on its rate card.',
    answers: { 200: listAnswer('In the order in which they come into force.', pricing) },
    errors: ['BillingAccountNotFound'],
  },
  setPricing: {
    ...change,
    id: 'setAccountPricing',
    summary: 'Says at which prices an account buys from an hour on',
    body: body({
      ...basis,
      correctPast: { type: 'boolean', description: 'Usage that was rated is rated anew.' },
    }),
    answers: { 201: { description: 'It.', contents: json(pricing) } },
    errors: ['BillingAccountNotFound', 'PriceListNotFound', 'PriceInThePast'],
  },
  terms: {
    ...common,
    id: 'listAccountTerms',
    summary: 'Fees, discounts, credits and commitments of an account',
    answers: { 200: listAnswer('In the order in which they were agreed.', term) },
    errors: ['BillingAccountNotFound'],
  },
  addTerm: {
    ...change,
    id: 'addAccountTerm',
    summary: 'Agrees on a fee, a discount, a credit or a commitment',
    body: body(termSaid),
    answers: { 201: { description: 'It.', contents: json(term) } },
    errors: ['BillingAccountNotFound'],
  },
  endTerm: {
    ...change,
    id: 'endAccountTerm',
    summary: 'Ends a term',
    parameters: [
      {
        name: 'effectiveTo',
        in: 'query',
        description:
          'From which hour on it is in force no more; the next unless given, and never after the end that it has.',
        schema: time,
      },
    ],
    answers: { 200: { description: 'It, with its end.', contents: json(term) } },
    errors: ['BillingAccountNotFound', 'TermNotFound'],
  },
  periods: {
    ...common,
    id: 'listAccountPeriods',
    summary: 'The billing periods of an account',
    answers: { 200: listAnswer('The newest first.', period) },
    errors: ['BillingAccountNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
