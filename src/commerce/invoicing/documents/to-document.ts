import { parseSubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import {
  findAccount,
  findPeriod,
  readLogo,
  type AccountId,
  type Language,
} from '../../accounts/index.ts';
import type {
  CorrectedPeriod,
  InvoiceDocument,
  InvoiceDocumentLine,
  InvoiceParty,
} from '../../documents/index.ts';
import { daysOfPeriod } from '../dates.ts';
import type { FullInvoice, Invoice, PartyThen } from '../invoice.ts';
import type { InvoiceLine } from '../line.ts';
import { findInvoiceById } from '../store.ts';
import { readShares } from './resource-store.ts';
import { resourcesOf, type ResourceShare } from './resources.ts';

type Texts = Readonly<{
  others: (count: number) => string;
  terms: (invoice: Invoice) => string;
  givenBack: string;
}>;

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    others: (count) => `${count} others`,
    terms: ({ parties }) => `Payable within ${parties.paymentDays} days.`,
    givenBack: 'Credited to your account.',
  },
  fr: {
    others: (count) => `${count} autres`,
    terms: ({ parties }) => `Payable à ${parties.paymentDays} jours.`,
    givenBack: 'Porté au crédit de votre compte.',
  },
};

/** All that the documents of an invoice say. */
export async function toDocument(db: Queryable, invoice: FullInvoice): Promise<InvoiceDocument> {
  const { parties, kind } = invoice;
  const texts = TEXTS[parties.language];
  const corrects =
    invoice.corrects === undefined ? undefined : await findInvoiceById(db, invoice.corrects);
  const usage = invoice.lines.flatMap((line) => (line.kind === 'usage' ? (line.charge ?? []) : []));
  const facts = {
    shares: await readShares(db, usage),
    corrected: await readCorrected(db, invoice),
  };
  return {
    kind,
    number: invoice.number,
    issueDate: invoice.issueDate,
    dueDate: invoice.dueDate,
    period: { start: parties.period.start, end: parties.period.end },
    currency: invoice.currency,
    language: parties.language,
    seller: partyOf(
      await completed(db, invoice.issuerId, parties.seller),
      await readLogo(db, invoice.issuerId),
    ),
    buyer: partyOf(await completed(db, invoice.accountId, parties.buyer), undefined),
    buyerReference: parties.buyerReference,
    corrects: corrects && { number: corrects.number, issueDate: corrects.issueDate },
    lines: invoice.lines.map((line) => lineOf(invoice, line, facts)),
    taxes: invoice.taxes.map(({ category, percent, base, amount, reason }) => ({
      category,
      rate: percent,
      base,
      amount,
      reason,
    })),
    net: invoice.net,
    tax: invoice.tax,
    gross: invoice.gross,
    payment: {
      terms: kind === 'credit-note' ? texts.givenBack : texts.terms(invoice),
      iban: parties.iban,
      bic: parties.bic,
    },
  };
}

/**
 * A side of the invoice with what was missing when it was issued and is known by now, such as the tax
 * number without which no document could be made. What was known then stays as it was.
 */
async function completed(db: Queryable, id: AccountId, then: PartyThen): Promise<PartyThen> {
  const now = await findAccount(db, id);
  if (now === undefined) return then;
  // An address is known as a whole: half of another one would be none.
  const hasAddress = [then.street, then.street2, then.city, then.postalCode].some(
    (text) => text !== undefined,
  );
  const { street, street2, city, postalCode, region } = hasAddress ? then : now;
  return {
    ...then,
    street,
    street2,
    city,
    postalCode,
    region,
    taxId: then.taxId ?? now.taxId,
    registrationId: then.registrationId ?? now.registrationId,
    email: then.email ?? now.email,
    phone: then.phone ?? now.phone,
  };
}

function partyOf(party: PartyThen, logo: Uint8Array | undefined): InvoiceParty {
  const { name, country } = party;
  return {
    id: party.accountId,
    name,
    street: party.street,
    street2: party.street2,
    city: party.city,
    postalCode: party.postalCode,
    region: party.region,
    country,
    taxId: party.taxId,
    registrationId: party.registrationId,
    email: party.email,
    phone: party.phone,
    logo,
  };
}

/** What lines say besides what was kept of them, which never changes either. */
interface LineFacts {
  readonly shares: ReadonlyMap<bigint, readonly ResourceShare[]>;
  readonly corrected: ReadonlyMap<string, CorrectedPeriod>;
}

function lineOf(
  { parties, currency }: Invoice,
  line: InvoiceLine,
  { shares, corrected }: LineFacts,
): InvoiceDocumentLine {
  const { customerSubscriptionId, correctsPeriod } = line;
  const id = customerSubscriptionId && parseSubscriptionId(customerSubscriptionId);
  const own = line.kind === 'usage' && line.charge !== undefined ? shares.get(line.charge) : [];
  return {
    line: line.line,
    kind: line.kind,
    description: line.description,
    service: line.service,
    unit: line.unit,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    amount: line.amount,
    taxCategory: line.tax.category,
    taxRate: line.tax.percent,
    correctsPeriod: correctsPeriod === undefined ? undefined : corrected.get(correctsPeriod),
    customer: id && { id, name: parties.customers[id] ?? id },
    subscriptionId: line.subscriptionId,
    meterId: line.meterId,
    resources: resourcesOf(line, own ?? [], currency, TEXTS[parties.language].others),
  };
}

/** The periods that lines correct, by name. */
async function readCorrected(
  db: Queryable,
  { accountId, lines }: FullInvoice,
): Promise<ReadonlyMap<string, CorrectedPeriod>> {
  const corrected = new Map<string, CorrectedPeriod>();
  for (const name of new Set(lines.flatMap(({ correctsPeriod }) => correctsPeriod ?? []))) {
    const period = await findPeriod(db, accountId, name);
    if (period !== undefined) corrected.set(name, { name, ...daysOfPeriod(period) });
  }
  return corrected;
}
