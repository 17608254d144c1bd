import type { NounDefinition, OptionDefinition } from '../definition.ts';

const ACCOUNT = {
  name: 'ACCOUNT',
  description: 'Id of the account or of its subscription of commerce, or provider.',
} as const;

/** What can be said of an account; an empty text takes away what need not be there. */
const FIELDS: readonly OptionDefinition[] = [
  {
    flags: '--kind KIND',
    description: 'What a new account is: a customer is there with its subscription.',
    choices: ['partner', 'enterprise', 'customer'],
  },
  { flags: '--parent ACCOUNT', description: 'The account above; the provider unless given.' },
  { flags: '--subscription ID', description: 'Subscription of commerce; roles on it count here.' },
  { flags: '--name NAME', description: 'As invoices have it.' },
  { flags: '--street LINE', description: 'First line of the address.' },
  { flags: '--street2 LINE', description: 'Second line of the address.' },
  { flags: '--city CITY', description: 'City of the address.' },
  { flags: '--postal-code CODE', description: 'Postal code of the address.' },
  { flags: '--region REGION', description: 'Region or state of the address.' },
  { flags: '--country CODE', description: 'Two letters of ISO 3166-1.' },
  { flags: '--tax-id NUMBER', description: 'Number for value added tax, with its prefix.' },
  { flags: '--registration-id NUMBER', description: 'Number in the register of companies.' },
  { flags: '--email ADDRESS', description: 'Where invoices are asked about.' },
  { flags: '--phone NUMBER', description: 'By which number.' },
  { flags: '--tax-exemption REASON', description: 'Why its purchases are not taxed.' },
  { flags: '--buyer-reference TEXT', description: 'What it wants to find on its invoices.' },
  { flags: '--series-prefix PREFIX', description: 'Before the numbers of invoices it issues.' },
  { flags: '--iban IBAN', description: 'Where invoices that it issues are paid.' },
  { flags: '--bic BIC', description: 'The bank of it.' },
  { flags: '--currency CODE', description: 'In which it buys (ISO 4217).' },
  { flags: '--language LANGUAGE', description: 'Of its invoices.', choices: ['en', 'fr'] },
  { flags: '--billing-day DAY', description: 'Local day on which its periods begin, 1 to 28.' },
  { flags: '--time-zone ZONE', description: 'Such as Europe/Paris.' },
  {
    flags: '--late-usage POLICY',
    description: 'What becomes of usage of a period that was invoiced.',
    choices: ['NextInvoice', 'Note'],
  },
  { flags: '--wait-hours N', description: 'Hours until usage of a period is taken as complete.' },
  { flags: '--review-days N', description: 'Then days in which the draft can be looked at.' },
  { flags: '--payment-days N', description: 'Then days to pay.' },
];

/** The commands of `account`. */
export const accountNoun: NounDefinition = {
  noun: 'account',
  description: 'Billing accounts: who is billed by whom, at which prices and in which periods.',
  commands: [
    {
      verb: 'list',
      description: 'List the accounts.',
      options: [
        {
          flags: '--kind KIND',
          description: 'Only these.',
          choices: ['provider', 'partner', 'enterprise', 'customer'],
        },
        { flags: '--parent ACCOUNT', description: 'Only those directly below this one.' },
      ],
      load: async () => (await import('../account.ts')).list,
    },
    {
      verb: 'show',
      description: 'Show an account, its prices and its terms.',
      operands: [ACCOUNT],
      load: async () => (await import('../account.ts')).show,
    },
    {
      verb: 'tree',
      description: 'Draw who sells to whom.',
      load: async () => (await import('../account.ts')).tree,
    },
    {
      verb: 'set',
      description: 'Make an account, or change one. What is left out stays.',
      operands: [{ ...ACCOUNT, description: `${ACCOUNT.description} new makes one.` }],
      options: FIELDS,
      load: async () => (await import('../account.ts')).set,
    },
    {
      verb: 'logo',
      description: 'Give an account the picture for the invoices that it issues, PNG or JPEG.',
      operands: [ACCOUNT, { name: 'FILE', description: 'The picture; none takes it away.' }],
      load: async () => (await import('../account.ts')).logo,
    },
    {
      verb: 'price',
      description: 'Say at which prices an account buys: one of --price-list and --markup.',
      operands: [ACCOUNT],
      options: [
        { flags: '--price-list ID', description: 'Those of this price list.' },
        { flags: '--markup PERCENT', description: 'What its seller pays, and so much on top.' },
        {
          flags: '--effective-from TIME',
          description: 'From which hour of usage on; the next unless given.',
        },
        { flags: '--correct-past', description: 'Rate anew what has been rated from then on.' },
      ],
      load: async () => (await import('../account-terms.ts')).price,
    },
    {
      verb: 'periods',
      description: 'List the billing periods of an account.',
      operands: [ACCOUNT],
      load: async () => (await import('../account-terms.ts')).periods,
    },
    {
      verb: 'term-list',
      description: 'List the fees, discounts, credits and commitments of an account.',
      operands: [ACCOUNT],
      load: async () => (await import('../account-terms.ts')).termList,
    },
    {
      verb: 'term-add',
      description: 'Agree on one: one of --fee to --commitment, in the currency of the account.',
      operands: [ACCOUNT],
      options: [
        { flags: '--name NAME', description: 'As invoices have it.', required: true },
        { flags: '--fee AMOUNT', description: 'A sum for each period.' },
        { flags: '--discount PERCENT', description: 'So much off what usage costs.' },
        { flags: '--discount-amount AMOUNT', description: 'This sum off what usage costs.' },
        { flags: '--free QUANTITY', description: 'So much of one --meter for nothing.' },
        { flags: '--credit AMOUNT', description: 'Money to the good.' },
        { flags: '--commitment AMOUNT', description: 'The least that usage costs in a period.' },
        {
          flags: '--meter ID...',
          description: 'Of commerce: only these; may be given several times.',
        },
        { flags: '--each-subscription', description: 'On each subscription of the stamp.' },
        { flags: '--once', description: 'Until it is used up, instead of in each period.' },
        { flags: '--not-prorated', description: 'A fee is due in full for a part of a period.' },
        { flags: '--from TIME', description: 'From which hour on; the next unless given.' },
        { flags: '--to TIME', description: 'Up to which hour; until it is ended unless given.' },
      ],
      load: async () => (await import('../account-terms.ts')).termAdd,
    },
    {
      verb: 'term-end',
      description: 'End a term.',
      operands: [ACCOUNT, { name: 'TERM', description: 'Id of the term.' }],
      options: [{ flags: '--at TIME', description: 'From which hour on; the next unless given.' }],
      load: async () => (await import('../account-terms.ts')).termEnd,
    },
  ],
};
