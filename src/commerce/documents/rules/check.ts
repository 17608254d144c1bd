import { codeRules } from './code-rules.ts';
import { digitRules } from './digit-rules.ts';
import type { InvoiceData } from './invoice-data.ts';
import { lineRules, presenceRules } from './presence-rules.ts';
import { readCii } from './read-cii.ts';
import { readUbl } from './read-ubl.ts';
import type { LineRule, Rule } from './rule.ts';
import { sumRules } from './sum-rules.ts';
import { taxRules } from './tax-rules.ts';
import { readXml, type XmlElement } from './xml-reader.ts';

/** A rule that an invoice breaks. */
export interface RuleViolation {
  /** By the name that the standard gives it: `BR-CO-10`. */
  readonly rule: string;
  /** What ought to hold; for a rule about lines, also the first of those that break it. */
  readonly message: string;
}

/** Every rule that is checked, by its name, in the order of the standard. */
export const rules: readonly Rule[] = [
  ...presenceRules,
  ...lineRules.map(overLines),
  ...sumRules,
  ...codeRules,
  ...digitRules,
  ...taxRules,
];

const syntaxes: ReadonlyMap<string, (root: XmlElement) => InvoiceData> = new Map([
  ['urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100 CrossIndustryInvoice', readCii],
  ['urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 Invoice', readUbl],
  ['urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2 CreditNote', readUbl],
]);

/**
 * The rules of EN 16931 that an electronic invoice breaks, in the order of {@link rules}; none for one
 * that is right. The text, in CII or UBL, is read anew and independently of how it was written. What
 * is no such invoice at all breaks the one rule `SYNTAX`.
 */
export function checkRules(xml: string): RuleViolation[] {
  const root = readXml(xml);
  const read = root && syntaxes.get(`${root.namespace ?? ''} ${root.name}`);
  if (root === undefined || read === undefined) {
    return [{ rule: 'SYNTAX', message: 'The text is no invoice in CII or UBL.' }];
  }
  const invoice = read(root);
  return rules.flatMap(({ id, says, holds }) => {
    if (holds(invoice)) return [];
    const line = lineRules.find((one) => one.id === id);
    const where = line === undefined ? '' : ` (line ${firstBreaking(line, invoice)})`;
    return [{ rule: id, message: `${says}${where}` }];
  });
}

function overLines({ id, says, holdsFor }: LineRule): Rule {
  return { id, says, holds: ({ lines }) => lines.every(holdsFor) };
}

function firstBreaking({ holdsFor }: LineRule, { lines }: InvoiceData): string {
  const at = lines.findIndex((line) => !holdsFor(line));
  return lines[at]?.id ?? `number ${at + 1}`;
}
