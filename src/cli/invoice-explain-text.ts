import {
  dayNumber,
  dayStart,
  Decimal,
  hourNumber,
  hourStart,
  type Instant,
} from '../kernel/index.ts';
import type {
  LineExplanation,
  RowRecords,
  TermExplanation,
  UsageExplanation,
} from '../commerce/invoicing/index.ts';
import { windowName } from '../reporting/index.ts';

/** A line of text and what stands below it. */
interface Node {
  readonly text: string;
  readonly below?: readonly Node[];
}

/** So many resources, days of one, and records of a row are shown. */
const MOST_RESOURCES = 20;
const MOST_DAYS = 31;
const MOST_RECORDS = 10;

/** Where a line of an invoice comes from, as a tree from its amount down. */
export function explanationText(explained: LineExplanation): string {
  const { invoice, line, rounding, cancelled, usage, term } = explained;
  const { currency, parties } = invoice;
  const head = `${invoice.number}, ${parties.seller.name} to ${parties.buyer.name}, period ${parties.period.name}, line ${line.line}: ${line.description}`;
  const exact = rounding.isZero()
    ? say`${line.exactAmount} ${currency} exactly`
    : say`${line.exactAmount} ${currency} exactly, rounded half to even by ${signed(rounding)}`;
  const nodes: Node[] = [
    { text: exact },
    ...(cancelled === undefined
      ? []
      : [{ text: `takes back line ${cancelled.line} of ${cancelled.number}` }]),
    ...(usage === undefined ? [] : usageNodes(usage, explained)),
    ...(term === undefined ? [] : [termNode(term, currency)]),
  ];
  return say`${head}\n${treeText({ text: say`${line.amount} ${currency} (${line.kind})`, below: nodes })}`;
}

function usageNodes(usage: UsageExplanation, { invoice, line }: LineExplanation): Node[] {
  const { charge, before, after, period, lines } = usage;
  const { currency } = invoice;
  const now = charge.amount === undefined ? 'no price' : say`${charge.amount} ${currency}`;
  const since =
    charge.amount?.equals(after.amount) === true && charge.quantity.equals(after.quantity)
      ? []
      : [{ text: say`now: ${charge.quantity} ${line.unit}, ${now}` }];
  const earlier = lines
    .filter(({ number }) => number !== invoice.number)
    .map((one) => ({
      text: say`${one.number} line ${one.line} (${one.kind}): ${one.quantity}, ${one.amount} ${currency}`,
    }));
  return [
    {
      text: `charge ${charge.charge}: usage of ${period} on ${charge.customerSubscriptionId}, by ${charge.subscriptionId} of the stamp${charge.billable ? '' : ', not billable'}`,
      below: [
        {
          text: say`invoiced before: ${before.quantity} ${line.unit}, ${before.amount} ${currency}`,
        },
        {
          text: say`invoiced with it: ${after.quantity} ${line.unit}, ${after.amount} ${currency}`,
        },
        ...since,
        ...(earlier.length === 0 ? [] : [{ text: 'other lines of it', below: earlier }]),
      ],
    },
    priceNode(usage, currency),
    resourcesNode(usage, currency),
    ...(usage.day === undefined ? [] : [dayNode(usage.day)]),
  ];
}

function priceNode({ price, charge }: UsageExplanation, currency: string): Node {
  const { plan, item, group } = price;
  const list =
    plan === undefined
      ? 'price'
      : plan.priceListId === undefined
        ? `no price: ${plan.problem ?? ''}`
        : `price list ${plan.priceListId}, version ${plan.version}${item === undefined ? '' : `, ${item.price.kind}`}`;
  const chain = (plan?.chain ?? []).map(({ accountId, markupPercent }) => ({
    text: `markup of ${markupPercent} % for ${accountId}`,
  }));
  const rate = plan?.exchangeRate;
  const isExchanged = rate !== undefined && !rate.equals(ONE);
  const counted =
    group === undefined
      ? []
      : [
          {
            text: say`counted together: ${group.quantity} of ${group.charges} ${group.charges === 1 ? 'charge' : 'charges'}, after ${group.before} before, of ${group.total} in the period: ${group.amount ?? '?'} ${currency}`,
            below: group.steps.map((step) => ({
              text: say`${step.kind}: ${step.quantity}${step.unitPrice === undefined ? '' : say` at ${step.unitPrice}`} = ${step.amount}`,
            })),
          },
          {
            text: say`share of this charge: ${charge.quantity}, ${charge.amount ?? '?'} ${currency}`,
          },
        ];
  const nothing = charge.billable ? [] : [{ text: 'not billable: it costs nothing' }];
  return {
    text: list,
    below: [
      ...nothing,
      ...chain,
      ...(isExchanged ? [{ text: say`rate of exchange ${rate}` }] : []),
      ...counted,
    ],
  };
}

const ONE = Decimal.fromBigInt(1n);

function resourcesNode({ resources, next }: UsageExplanation, currency: string): Node {
  const shown = resources.slice(0, MOST_RESOURCES).map((one) => ({
    text: say`${one.resourceUri}: ${one.quantity}, ${one.amount ?? '?'} ${currency}, ${one.rows} ${one.rows === 1 ? 'row' : 'rows'}`,
    ...(resources.length === 1 && {
      below: one.days
        .slice(0, MOST_DAYS)
        .map(({ day, quantity }) => ({ text: say`${dayText(day)}: ${quantity}` })),
    }),
  }));
  const isMore = next !== undefined || resources.length > MOST_RESOURCES;
  const more = isMore ? [{ text: 'and more; --resource NAME shows one' }] : [];
  return { text: 'resources', below: [...shown, ...more] };
}

function dayNode(day: NonNullable<UsageExplanation['day']>): Node {
  const { resourceUri, usageDay, isAsked, rows } = day;
  const example = isAsked
    ? ''
    : ' (an example; --resource NAME --day DATE shows others and records)';
  return {
    text: `rows of ${resourceUri} on ${dayText(usageDay)}${example}`,
    below: rows.map((row) => ({
      text: say`used ${hourText(row.usageHour)}: ${row.quantity}`,
      below: [
        {
          text: say`window ${windowName(row.reportedHour)} of registration ${row.registrationId}, batch ${row.sequence}, accepted ${row.acceptedAt}`,
          below: [{ text: `hash of the window ${row.windowHash}` }],
        },
        {
          text:
            row.mapping === undefined
              ? `directory ${row.tenantId}, not mapped: on the subscription of the registration`
              : say`directory ${row.tenantId}, by mapping ${row.mapping.mapping}, version ${row.mapping.version}, from ${row.mapping.effectiveFrom}`,
        },
        { text: `meter ${row.localMeterId} of the stamp, version ${row.meterVersion} in commerce` },
        ...(row.records === undefined ? [] : [recordsNode(row.records)]),
      ],
    })),
  };
}

function recordsNode(records: RowRecords): Node {
  if (records.state === 'expired') {
    return { text: 'its records are past their retention on the stamp, and gone' };
  }
  if (records.state === 'elsewhere') {
    return { text: 'its records are on the stamp of the registration, which is not this one' };
  }
  const shown = records.records.slice(0, MOST_RECORDS).map((one) => ({
    text: say`record ${one.recordKey}, ${one.usageStart} to ${one.usageEnd}: ${one.quantity}`,
  }));
  const isMore = records.more || records.records.length > MOST_RECORDS;
  return { text: 'records', below: [...shown, ...(isMore ? [{ text: 'and more' }] : [])] };
}

function termNode({ term, hours, base, used, computed }: TermExplanation, currency: string): Node {
  const below: Node[] = [{ text: definitionText(term.definition, currency) }];
  if (hours.inForce < hours.of) {
    below.push({ text: `in force in ${hours.inForce} of ${hours.of} hours of the period` });
  }
  if (base !== undefined) below.push({ text: say`computed on ${base} ${currency}` });
  if (!used.isZero()) below.push({ text: say`earlier invoices have ${used} ${currency} of it` });
  if (computed !== undefined) below.push({ text: say`comes to ${computed} ${currency}` });
  return { text: `term ${term.name}, ${term.termId}`, below };
}

function definitionText(term: TermExplanation['term']['definition'], currency: string): string {
  switch (term.kind) {
    case 'fee': {
      const per = term.per === 'account' ? '' : ' for each subscription of the stamp';
      return say`a fee of ${term.amount} ${currency} a period${per}${term.prorated ? ', in proportion to hours' : ''}`;
    }
    case 'credit':
      return say`a credit of ${term.amount} ${currency}, ${term.recurrence}`;
    case 'commitment':
      return say`usage for at least ${term.amount} ${currency} a period`;
    default: {
      const { by, recurrence, meterIds } = term;
      const meters = meterIds === undefined ? '' : ` on ${meterIds.join(', ')}`;
      if ('percent' in by) return say`a discount of ${by.percent} %${meters}, ${recurrence}`;
      if ('amount' in by)
        return say`a discount of ${by.amount} ${currency}${meters}, ${recurrence}`;
      return say`a discount of ${by.quantity} of ${by.meterId}, ${recurrence}`;
    }
  }
}

/** A template that writes numbers to the last digit. */
function say(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | bigint | Decimal | Instant | undefined)[]
): string {
  return texts.reduce((text, part, at) => `${text}${String(values[at - 1] ?? '?')}${part}`);
}

function treeText(root: Node): string {
  const lines = [root.text];
  addBelow(root, '', lines);
  return `${lines.join('\n')}\n`;
}

function addBelow({ below = [] }: Node, indent: string, lines: string[]): void {
  for (const [at, node] of below.entries()) {
    const isLast = at === below.length - 1;
    lines.push(`${indent}${isLast ? '└─ ' : '├─ '}${node.text}`);
    addBelow(node, `${indent}${isLast ? '   ' : '│  '}`, lines);
  }
}

function signed(number: Decimal): string {
  return number.isNegative() ? number.toText() : `+${number.toText()}`;
}

function dayText(day: number): string {
  return dayStart(dayNumber(day)).toString().slice(0, 10);
}

function hourText(hour: number): string {
  return hourStart(hourNumber(hour)).toString();
}
