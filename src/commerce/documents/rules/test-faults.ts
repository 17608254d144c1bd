import { add, all, attribute, drop, dropEvery, set, type Edit } from './test-edit.ts';

/** A fault by the rule that has to find it, as it is planted in UBL and in CII. */
export type Fault = readonly [rule: string, ubl: Edit, cii: Edit];

const seller = 'cac:AccountingSupplierParty';
const buyer = 'cac:AccountingCustomerParty';
const country = 'cac:PostalAddress/cac:Country/cbc:IdentificationCode';
const total = 'cac:LegalMonetaryTotal';
const subtotal = 'cac:TaxTotal/cac:TaxSubtotal';
const line = 'cac:InvoiceLine';
const means = 'cac:PaymentMeans';

const settlement = 'ram:ApplicableHeaderTradeSettlement';
const summation = `${settlement}/ram:SpecifiedTradeSettlementHeaderMonetarySummation`;
const breakdown = `${settlement}/ram:ApplicableTradeTax`;
const item = 'ram:IncludedSupplyChainTradeLineItem';
const itemTax = `${item}/ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax`;
const itemPrice = `${item}/ram:NetPriceProductTradePrice/ram:ChargeAmount`;
const vatOf = (party: string): string => `${party}/ram:SpecifiedTaxRegistration/ram:ID`;
const address = 'ram:URIUniversalCommunication/ram:URIID';
const terms = `${settlement}/ram:SpecifiedTradePaymentTerms`;

const header: readonly Fault[] = [
  [
    'BR-01',
    drop('cbc:CustomizationID'),
    drop('ram:GuidelineSpecifiedDocumentContextParameter/ram:ID'),
  ],
  ['BR-02', drop('cbc:ID'), drop('rsm:ExchangedDocument/ram:ID')],
  ['BR-03', set('cbc:IssueDate', 'today'), set('ram:IssueDateTime/udt:DateTimeString', '2026')],
  ['BR-04', drop('cbc:InvoiceTypeCode'), drop('rsm:ExchangedDocument/ram:TypeCode')],
  ['BR-05', drop('cbc:DocumentCurrencyCode'), drop('ram:InvoiceCurrencyCode')],
  ['BR-06', drop(`${seller}/cbc:RegistrationName`), drop('ram:SellerTradeParty/ram:Name')],
  ['BR-07', drop(`${buyer}/cbc:RegistrationName`), drop('ram:BuyerTradeParty/ram:Name')],
  [
    'BR-08',
    drop(`${seller}/cac:PostalAddress`),
    drop('ram:SellerTradeParty/ram:PostalTradeAddress'),
  ],
  ['BR-09', drop(`${seller}/${country}`), drop('ram:SellerTradeParty/ram:CountryID')],
  ['BR-10', drop(`${buyer}/cac:PostalAddress`), drop('ram:BuyerTradeParty/ram:PostalTradeAddress')],
  ['BR-11', drop(`${buyer}/${country}`), drop('ram:BuyerTradeParty/ram:CountryID')],
  ['BR-12', drop(`${total}/cbc:LineExtensionAmount`), drop(`${summation}/ram:LineTotalAmount`)],
  ['BR-13', drop(`${total}/cbc:TaxExclusiveAmount`), drop('ram:TaxBasisTotalAmount')],
  ['BR-14', set(`${total}/cbc:TaxInclusiveAmount`, '1e3'), drop('ram:GrandTotalAmount')],
  ['BR-15', drop(`${total}/cbc:PayableAmount`), set('ram:DuePayableAmount', 'all')],
  ['BR-16', dropEvery(line), dropEvery(item)],
  [
    'BR-29',
    set('cac:InvoicePeriod/cbc:EndDate', '2026-09-30'),
    set(`${settlement}/ram:BillingSpecifiedPeriod/ram:EndDateTime/udt:DateTimeString`, '20260930'),
  ],
  ['BR-45', drop(`${subtotal}/cbc:TaxableAmount`), drop(`${breakdown}/ram:BasisAmount`)],
  ['BR-46', drop(`${subtotal}/cbc:TaxAmount`), drop(`${breakdown}/ram:CalculatedAmount`)],
  ['BR-47', drop(`${subtotal}/cac:TaxCategory/cbc:ID`), drop(`${breakdown}/ram:CategoryCode`)],
  ['BR-48', drop(`${subtotal}/cbc:Percent`), drop(`${breakdown}/ram:RateApplicablePercent`)],
  [
    'BR-49',
    drop('cbc:PaymentMeansCode'),
    drop('ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode'),
  ],
  [
    'BR-55',
    drop('cac:BillingReference/cbc:ID'),
    drop('ram:InvoiceReferencedDocument/ram:IssuerAssignedID'),
  ],
  ['BR-61', drop(`${means}/cac:PayeeFinancialAccount`), drop('ram:IBANID')],
  [
    'BR-62',
    attribute(`${seller}/cbc:EndpointID`, 'schemeID'),
    attribute(`ram:SellerTradeParty/${address}`, 'schemeID'),
  ],
  [
    'BR-63',
    attribute(`${buyer}/cbc:EndpointID`, 'schemeID'),
    attribute(`ram:BuyerTradeParty/${address}`, 'schemeID'),
  ],
];

const lines: readonly Fault[] = [
  ['BR-21', drop(`${line}/cbc:ID`), drop(`${item}/ram:LineID`)],
  ['BR-22', drop(`${line}/cbc:InvoicedQuantity`), drop(`${item}/ram:BilledQuantity`)],
  [
    'BR-23',
    attribute(`${line}/cbc:InvoicedQuantity`, 'unitCode'),
    attribute(`${item}/ram:BilledQuantity`, 'unitCode'),
  ],
  ['BR-24', drop(`${line}/cbc:LineExtensionAmount`), drop(`${item}/ram:LineTotalAmount`)],
  ['BR-25', drop(`${line}/cac:Item/cbc:Name`), drop(`${item}/ram:Name`)],
  ['BR-26', drop(`${line}/cac:Price/cbc:PriceAmount`), drop(itemPrice)],
  ['BR-27', set(`${line}/cac:Price/cbc:PriceAmount`, '-1.25'), set(itemPrice, '-1.25')],
  [
    'BR-28',
    add(
      `${line}/cac:Price`,
      '<cac:AllowanceCharge><cbc:BaseAmount>-1</cbc:BaseAmount></cac:AllowanceCharge>',
    ),
    add(
      `${item}/ram:SpecifiedLineTradeAgreement`,
      '<ram:GrossPriceProductTradePrice><ram:ChargeAmount>-1</ram:ChargeAmount></ram:GrossPriceProductTradePrice>',
    ),
  ],
  [
    'BR-30',
    set(`${line}/cac:InvoicePeriod/cbc:EndDate`, '2026-09-30'),
    set(`${item}/ram:EndDateTime/udt:DateTimeString`, '20260930'),
  ],
  [
    'BR-CO-04',
    drop(`${line}/cac:ClassifiedTaxCategory/cbc:ID`),
    drop(`${itemTax}/ram:CategoryCode`),
  ],
];

const sums: readonly Fault[] = [
  [
    'BR-CO-03',
    all(
      add('Invoice', '<cbc:TaxPointDate>2026-11-01</cbc:TaxPointDate>'),
      add('cac:InvoicePeriod', '<cbc:DescriptionCode>35</cbc:DescriptionCode>'),
    ),
    add(
      breakdown,
      '<ram:TaxPointDate><udt:DateString format="102">20261101</udt:DateString></ram:TaxPointDate><ram:DueDateTypeCode>29</ram:DueDateTypeCode>',
    ),
  ],
  [
    'BR-CO-09',
    set(`${buyer}/cac:PartyTaxScheme/cbc:CompanyID`, '123456789'),
    set(vatOf('ram:SellerTradeParty'), 'QQ1234'),
  ],
  [
    'BR-CO-10',
    set(`${line}/cbc:LineExtensionAmount`, '9.31'),
    set(`${item}/ram:LineTotalAmount`, '9'),
  ],
  [
    'BR-CO-13',
    add(total, '<cbc:AllowanceTotalAmount currencyID="EUR">1.00</cbc:AllowanceTotalAmount>'),
    add(summation, '<ram:ChargeTotalAmount>1.00</ram:ChargeTotalAmount>'),
  ],
  ['BR-CO-14', set('cac:TaxTotal/cbc:TaxAmount', '5.59'), set('ram:TaxTotalAmount', '5.59')],
  ['BR-CO-15', set('cbc:TaxInclusiveAmount', '33.49'), set('ram:GrandTotalAmount', '33.49')],
  [
    'BR-CO-16',
    add(total, '<cbc:PrepaidAmount currencyID="EUR">1.00</cbc:PrepaidAmount>'),
    add(summation, '<ram:RoundingAmount>0.01</ram:RoundingAmount>'),
  ],
  [
    'BR-CO-17',
    set(`${subtotal}/cbc:Percent`, '21'),
    set(`${breakdown}/ram:RateApplicablePercent`, '19'),
  ],
  ['BR-CO-18', drop(subtotal), drop(breakdown)],
  ['BR-CO-25', all(drop('cbc:DueDate'), drop('cac:PaymentTerms')), drop(terms)],
  [
    'BR-CO-26',
    all(drop(`${seller}/cac:PartyTaxScheme`), drop(`${seller}/cac:PartyLegalEntity/cbc:CompanyID`)),
    all(
      drop('ram:SellerTradeParty/ram:SpecifiedTaxRegistration'),
      drop('ram:SellerTradeParty/ram:SpecifiedLegalOrganization'),
    ),
  ],
];

const codes: readonly Fault[] = [
  ['BR-CL-01', set('cbc:InvoiceTypeCode', '999'), set('rsm:ExchangedDocument/ram:TypeCode', '999')],
  [
    'BR-CL-03',
    attribute(`${line}/cbc:LineExtensionAmount`, 'currencyID', 'USD'),
    attribute('ram:TaxTotalAmount', 'currencyID', 'USD'),
  ],
  ['BR-CL-04', set('cbc:DocumentCurrencyCode', 'eur'), set('ram:InvoiceCurrencyCode', 'EUX')],
  ['BR-CL-14', set(`${seller}/${country}`, 'QX'), set('ram:BuyerTradeParty/ram:CountryID', 'UN')],
  [
    'BR-CL-16',
    set('cbc:PaymentMeansCode', '31x'),
    set('ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode', '99'),
  ],
  [
    'BR-CL-17',
    set(`${subtotal}/cac:TaxCategory/cbc:ID`, 'Q'),
    set(`${breakdown}/ram:CategoryCode`, 's'),
  ],
  [
    'BR-CL-18',
    set(`${line}/cac:ClassifiedTaxCategory/cbc:ID`, 'Q'),
    set(`${itemTax}/ram:CategoryCode`, 's'),
  ],
  [
    'BR-CL-22',
    add(
      `${subtotal}/cac:TaxCategory`,
      '<cbc:TaxExemptionReasonCode>VATEX</cbc:TaxExemptionReasonCode>',
    ),
    add(breakdown, '<ram:ExemptionReasonCode>VATEX</ram:ExemptionReasonCode>'),
  ],
  [
    'BR-CL-23',
    attribute(`${line}/cbc:InvoicedQuantity`, 'unitCode', 'hours'),
    attribute(`${item}/ram:BilledQuantity`, 'unitCode', 'hours'),
  ],
  [
    'BR-CL-25',
    attribute(`${seller}/cbc:EndpointID`, 'schemeID', 'MAIL'),
    attribute(`ram:BuyerTradeParty/${address}`, 'schemeID', 'MAIL'),
  ],
];

const many = '1.001';
const digits: readonly Fault[] = [
  [
    'BR-DEC-09',
    set(`${total}/cbc:LineExtensionAmount`, many),
    set(`${summation}/ram:LineTotalAmount`, many),
  ],
  [
    'BR-DEC-10',
    add(total, `<cbc:AllowanceTotalAmount>${many}</cbc:AllowanceTotalAmount>`),
    add(summation, `<ram:AllowanceTotalAmount>${many}</ram:AllowanceTotalAmount>`),
  ],
  [
    'BR-DEC-11',
    add(total, `<cbc:ChargeTotalAmount>${many}</cbc:ChargeTotalAmount>`),
    add(summation, `<ram:ChargeTotalAmount>${many}</ram:ChargeTotalAmount>`),
  ],
  ['BR-DEC-12', set('cbc:TaxExclusiveAmount', many), set('ram:TaxBasisTotalAmount', many)],
  ['BR-DEC-13', set('cac:TaxTotal/cbc:TaxAmount', many), set('ram:TaxTotalAmount', many)],
  ['BR-DEC-14', set('cbc:TaxInclusiveAmount', many), set('ram:GrandTotalAmount', many)],
  [
    'BR-DEC-16',
    add(total, `<cbc:PrepaidAmount>${many}</cbc:PrepaidAmount>`),
    add(summation, `<ram:TotalPrepaidAmount>${many}</ram:TotalPrepaidAmount>`),
  ],
  [
    'BR-DEC-17',
    add(total, `<cbc:PayableRoundingAmount>${many}</cbc:PayableRoundingAmount>`),
    add(summation, `<ram:RoundingAmount>${many}</ram:RoundingAmount>`),
  ],
  ['BR-DEC-18', set('cbc:PayableAmount', many), set('ram:DuePayableAmount', many)],
  [
    'BR-DEC-19',
    set(`${subtotal}/cbc:TaxableAmount`, many),
    set(`${breakdown}/ram:BasisAmount`, many),
  ],
  [
    'BR-DEC-20',
    set(`${subtotal}/cbc:TaxAmount`, many),
    set(`${breakdown}/ram:CalculatedAmount`, many),
  ],
  [
    'BR-DEC-23',
    set(`${line}/cbc:LineExtensionAmount`, many),
    set(`${item}/ram:LineTotalAmount`, many),
  ],
];

/** Faults of an invoice at the standard rate, with a preceding invoice and an account to pay to. */
export const faults: readonly Fault[] = [...header, ...lines, ...sums, ...codes, ...digits];

const ublReason = '<cbc:TaxExemptionReason>Because</cbc:TaxExemptionReason>';
const ciiReason = '<ram:ExemptionReason>Because</ram:ExemptionReason>';
const ublVat =
  '<cac:PartyTaxScheme><cbc:CompanyID>FR1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>';
const ciiVat =
  '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR1</ram:ID></ram:SpecifiedTaxRegistration>';

/** Faults of an invoice of one category of tax. */
export function categoryFaults(category: string): readonly Fault[] {
  const rule = (id: string): string => `BR-${category}-${id}`;
  const isOutside = category === 'O';
  const isTaxed = category === 'S' || category === 'Z';
  const other = category === 'S' ? 'Z' : 'S';
  const rate = category === 'S' ? '0' : '20';
  const faultsOfAll: readonly Fault[] = [
    [
      rule('01'),
      set(`${subtotal}/cac:TaxCategory/cbc:ID`, other),
      set(`${breakdown}/ram:CategoryCode`, other),
    ],
    [
      rule('02'),
      isOutside ? add(`${buyer}/cac:Party`, ublVat) : drop(`${seller}/cac:PartyTaxScheme`),
      isOutside
        ? add('ram:BuyerTradeParty', ciiVat)
        : drop('ram:SellerTradeParty/ram:SpecifiedTaxRegistration'),
    ],
    [
      rule('05'),
      isOutside
        ? add(`${line}/cac:ClassifiedTaxCategory`, '<cbc:Percent>0</cbc:Percent>')
        : set(`${line}/cac:ClassifiedTaxCategory/cbc:Percent`, rate),
      isOutside
        ? add(itemTax, '<ram:RateApplicablePercent>0</ram:RateApplicablePercent>')
        : set(`${itemTax}/ram:RateApplicablePercent`, rate),
    ],
    [
      rule('08'),
      set(`${subtotal}/cbc:TaxableAmount`, '27.91'),
      set(`${breakdown}/ram:BasisAmount`, '27.91'),
    ],
    [
      rule('09'),
      set(`${subtotal}/cbc:TaxAmount`, '5.60'),
      set(`${breakdown}/ram:CalculatedAmount`, '5.60'),
    ],
    [
      rule('10'),
      isTaxed
        ? add(`${subtotal}/cac:TaxCategory`, ublReason)
        : all(dropEvery('cbc:TaxExemptionReason'), dropEvery('cbc:TaxExemptionReasonCode')),
      isTaxed
        ? add(breakdown, ciiReason)
        : all(dropEvery('ram:ExemptionReason'), dropEvery('ram:ExemptionReasonCode')),
    ],
  ];
  return isOutside ? [...faultsOfAll, ...mixed] : faultsOfAll;
}

const mixed: readonly Fault[] = [
  [
    'BR-O-11',
    add(
      'cac:TaxTotal',
      '<cac:TaxSubtotal><cac:TaxCategory><cbc:ID>S</cbc:ID></cac:TaxCategory></cac:TaxSubtotal>',
    ),
    add(
      settlement,
      '<ram:ApplicableTradeTax><ram:CategoryCode>S</ram:CategoryCode></ram:ApplicableTradeTax>',
    ),
  ],
  [
    'BR-O-12',
    set(`${line}/cac:ClassifiedTaxCategory/cbc:ID`, 'S'),
    set(`${itemTax}/ram:CategoryCode`, 'S'),
  ],
];
