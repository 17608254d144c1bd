import type { InvoiceData, LineData, PartyData, PeriodData, TaxData } from './invoice-data.ts';
import { elementAt, elementsAt, textAt, type XmlElement } from './xml-reader.ts';

const DAY = 'DateTimeString';

/** Reads an invoice of UN/CEFACT (CII), from its root. */
export function readCii(root: XmlElement): InvoiceData {
  const trade = elementAt(root, 'SupplyChainTradeTransaction');
  const agreement = trade && elementAt(trade, 'ApplicableHeaderTradeAgreement');
  const settlement = trade && elementAt(trade, 'ApplicableHeaderTradeSettlement');
  const sums =
    settlement && elementAt(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation');
  const taxes = settlement === undefined ? [] : elementsAt(settlement, 'ApplicableTradeTax');
  const [firstTax] = taxes;
  const currency = textAt(settlement, 'InvoiceCurrencyCode');
  const context = 'ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID';
  const listed = (path: string): readonly XmlElement[] =>
    settlement === undefined ? [] : elementsAt(settlement, path);
  return {
    specification: textAt(root, context),
    number: textAt(root, 'ExchangedDocument/ID'),
    issueDate: day(textAt(root, `ExchangedDocument/IssueDateTime/${DAY}`)),
    typeCode: textAt(root, 'ExchangedDocument/TypeCode'),
    currency,
    amountCurrencies: new Set(
      elementsAt(sums ?? root, 'TaxTotalAmount').flatMap(
        ({ attributes }) => attributes.get('currencyID') ?? [],
      ),
    ),
    taxPointDate: day(textAt(firstTax, 'TaxPointDate/DateString')),
    taxPointCode: textAt(firstTax, 'DueDateTypeCode'),
    dueDate: day(textAt(settlement, `SpecifiedTradePaymentTerms/DueDateDateTime/${DAY}`)),
    paymentTerms: textAt(settlement, 'SpecifiedTradePaymentTerms/Description'),
    seller: partyOf(agreement && elementAt(agreement, 'SellerTradeParty')),
    buyer: partyOf(agreement && elementAt(agreement, 'BuyerTradeParty')),
    period: settlement && periodOf(settlement),
    payments: listed('SpecifiedTradeSettlementPaymentMeans').map((means) => ({
      code: textAt(means, 'TypeCode'),
      account: textAt(means, 'PayeePartyCreditorFinancialAccount/IBANID'),
    })),
    precedingInvoices: listed('InvoiceReferencedDocument').map((one) =>
      textAt(one, 'IssuerAssignedID'),
    ),
    totals: {
      lines: textAt(sums, 'LineTotalAmount'),
      allowances: textAt(sums, 'AllowanceTotalAmount'),
      charges: textAt(sums, 'ChargeTotalAmount'),
      net: textAt(sums, 'TaxBasisTotalAmount'),
      tax: taxTotal(sums, currency),
      gross: textAt(sums, 'GrandTotalAmount'),
      prepaid: textAt(sums, 'TotalPrepaidAmount'),
      rounding: textAt(sums, 'RoundingAmount'),
      due: textAt(sums, 'DuePayableAmount'),
    },
    taxes: taxes.map(taxOf),
    lines:
      trade === undefined ? [] : elementsAt(trade, 'IncludedSupplyChainTradeLineItem').map(lineOf),
  };
}

/** There may be a second total, in the currency of the tax office. */
function taxTotal(sums: XmlElement | undefined, currency: string | undefined): string | undefined {
  if (sums === undefined) return undefined;
  const all = elementsAt(sums, 'TaxTotalAmount');
  return (all.find(({ attributes }) => attributes.get('currencyID') === currency) ?? all[0])?.text;
}

function partyOf(party: XmlElement | undefined): PartyData {
  const registered = (scheme: string): string | undefined =>
    party &&
    elementsAt(party, 'SpecifiedTaxRegistration/ID').find(
      ({ attributes }) => attributes.get('schemeID') === scheme,
    )?.text;
  return {
    name: textAt(party, 'Name'),
    hasAddress: party !== undefined && elementAt(party, 'PostalTradeAddress') !== undefined,
    country: textAt(party, 'PostalTradeAddress/CountryID'),
    id: textAt(party, 'ID') ?? textAt(party, 'GlobalID'),
    registrationId: textAt(party, 'SpecifiedLegalOrganization/ID'),
    vatId: registered('VA'),
    taxNumber: registered('FC'),
    endpoint: textAt(party, 'URIUniversalCommunication/URIID'),
    endpointScheme: textAt(party, 'URIUniversalCommunication/URIID', 'schemeID'),
  };
}

function taxOf(tax: XmlElement): TaxData {
  return {
    base: textAt(tax, 'BasisAmount'),
    amount: textAt(tax, 'CalculatedAmount'),
    category: textAt(tax, 'CategoryCode'),
    rate: textAt(tax, 'RateApplicablePercent'),
    reason: textAt(tax, 'ExemptionReason'),
    reasonCode: textAt(tax, 'ExemptionReasonCode'),
  };
}

function lineOf(line: XmlElement): LineData {
  const settlement = elementAt(line, 'SpecifiedLineTradeSettlement');
  const agreement = elementAt(line, 'SpecifiedLineTradeAgreement');
  const billed = 'SpecifiedLineTradeDelivery/BilledQuantity';
  return {
    id: textAt(line, 'AssociatedDocumentLineDocument/LineID'),
    quantity: textAt(line, billed),
    unitCode: textAt(line, billed, 'unitCode'),
    net: textAt(settlement, 'SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount'),
    name: textAt(line, 'SpecifiedTradeProduct/Name'),
    price: textAt(agreement, 'NetPriceProductTradePrice/ChargeAmount'),
    grossPrice: textAt(agreement, 'GrossPriceProductTradePrice/ChargeAmount'),
    baseQuantity: textAt(agreement, 'NetPriceProductTradePrice/BasisQuantity'),
    category: textAt(settlement, 'ApplicableTradeTax/CategoryCode'),
    rate: textAt(settlement, 'ApplicableTradeTax/RateApplicablePercent'),
    period: settlement && periodOf(settlement),
  };
}

function periodOf(settlement: XmlElement): PeriodData | undefined {
  const period = elementAt(settlement, 'BillingSpecifiedPeriod');
  if (period === undefined) return undefined;
  return {
    start: day(textAt(period, `StartDateTime/${DAY}`)),
    end: day(textAt(period, `EndDateTime/${DAY}`)),
  };
}

/** CII writes days without hyphens; what is no day is left as it is. */
function day(text: string | undefined): string | undefined {
  return text?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}
