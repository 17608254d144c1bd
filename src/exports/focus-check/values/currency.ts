import { breaks, good, type Verdict } from './verdict.ts';

/** Codes of ISO 4217 for money of countries and unions of countries. */
const national = new Set(
  `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
  CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
  GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
  MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG
  QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
  UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG`.split(
    /\s+/,
  ),
);
/** Metals, baskets and units of account, which are no country's money. */
const others = new Set(`XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA`.split(' '));

/** Looks at the code of a currency: three capital letters that ISO 4217 knows. */
export function lookAtCurrency(text: string): Verdict {
  if (national.has(text) || others.has(text)) return good;
  return /^[A-Z]{3}$/.test(text) ? breaks('code') : breaks('letters');
}

/** The same for money that somebody can be billed in. */
export function lookAtNationalCurrency(text: string): Verdict {
  return others.has(text) ? breaks('national') : lookAtCurrency(text);
}
