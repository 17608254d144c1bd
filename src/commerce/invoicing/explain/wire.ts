import { dayNumber, dayStart, hourStart, hourNumber, type Decimal } from '../../../kernel/index.ts';
import { windowName } from '../../../reporting/index.ts';
import { priceStepToWire, termToWire, type PriceItem } from '../../pricing/index.ts';
import type { ExplainedGroup, ExplainedResource } from '../../rating/index.ts';
import type { Invoice } from '../invoice.ts';
import type { InvoiceLine } from '../line.ts';
import type {
  DayExplanation,
  Figures,
  LineExplanation,
  PlanExplanation,
  PriceExplanation,
  RowExplanation,
  RowRecords,
  TermExplanation,
  UsageExplanation,
} from './explanation.ts';

type Wire = Readonly<Record<string, unknown>>;

/** An explanation as JSON, decimals as text. */
export function toWireExplanation(one: LineExplanation): Wire {
  const { invoice, line, rounding, cancelled, usage, term } = one;
  return {
    invoice: toWireHead(invoice),
    line: toWireLine(line),
    rounding: rounding.toText(),
    ...(cancelled !== undefined && { cancels: cancelled }),
    ...(usage !== undefined && toWireUsage(usage)),
    ...(term !== undefined && { term: toWireTerm(term) }),
  };
}

function toWireHead(invoice: Invoice): Wire {
  const { number, kind, accountId, issuerId, issueDate, currency, reason, parties } = invoice;
  return {
    number,
    kind,
    accountId,
    issuerId,
    issueDate,
    currency,
    period: parties.period,
    ...(invoice.correctsNumber !== undefined && { corrects: invoice.correctsNumber }),
    ...(reason !== undefined && { reason }),
  };
}

function toWireLine(line: InvoiceLine): Wire {
  const { customerSubscriptionId, subscriptionId, meterId, correctsPeriod } = line;
  return {
    line: line.line,
    kind: line.kind,
    description: line.description,
    service: line.service,
    unit: line.unit,
    ...(customerSubscriptionId !== undefined && { customerSubscriptionId }),
    ...(subscriptionId !== undefined && { subscriptionId }),
    ...(meterId !== undefined && { meterId }),
    quantity: line.quantity.toText(),
    ...textIf('unitPrice', line.unitPrice),
    exactAmount: line.exactAmount.toText(),
    amount: line.amount.toText(),
    ...(correctsPeriod !== undefined && { correctsPeriod }),
  };
}

function toWireUsage(usage: UsageExplanation): Wire {
  const { charge, period, before, after, lines, price, resources, next, day } = usage;
  return {
    charge: {
      charge: charge.charge.toString(),
      period,
      billable: charge.billable,
      quantity: charge.quantity.toText(),
      amount: charge.amount?.toText() ?? null,
      before: toWireFigures(before),
      after: toWireFigures(after),
      lines: lines.map((one) => ({
        number: one.number,
        line: one.line,
        kind: one.kind,
        issuedAt: one.issuedAt.toString(),
        ...toWireFigures(one),
      })),
    },
    price: toWirePrice(price),
    resources: {
      value: resources.map(toWireResource),
      ...(next !== undefined && { next }),
    },
    ...(day !== undefined && { day: toWireDay(day) }),
  };
}

function toWireFigures({ quantity, amount }: Figures): Wire {
  return { quantity: quantity.toText(), amount: amount.toText() };
}

function toWirePrice({ plan, item, group }: PriceExplanation): Wire {
  return {
    ...(plan !== undefined && toWirePlan(plan)),
    ...(item !== undefined && { item: toWireItem(item) }),
    ...(group !== undefined && { group: toWireGroup(group) }),
  };
}

function toWirePlan(plan: PlanExplanation): Wire {
  const { priceListId, version, problem, chain } = plan;
  return {
    ...(priceListId !== undefined && { priceListId, version }),
    ...(problem !== undefined && { problem }),
    effectiveFrom: hourStart(hourNumber(plan.effectiveFrom)).toString(),
    chain,
    factor: plan.factor.toText(),
    exchangeRate: plan.exchangeRate.toText(),
  };
}

function toWireItem({ meterId, scope, price, included, minimum, maximum }: PriceItem): Wire {
  return {
    meterId,
    scope,
    kind: price.kind,
    included: included.toText(),
    ...textIf('minimum', minimum),
    ...textIf('maximum', maximum),
  };
}

function toWireGroup({ charges, before, quantity, total, amount, steps }: ExplainedGroup): Wire {
  return {
    charges,
    before: before.toText(),
    quantity: quantity.toText(),
    total: total.toText(),
    amount: amount?.toText() ?? null,
    steps: steps.map(priceStepToWire),
  };
}

function toWireResource(one: ExplainedResource): Wire {
  return {
    resourceKey: one.resourceKey,
    resourceUri: one.resourceUri,
    location: one.location,
    quantity: one.quantity.toText(),
    amount: one.amount?.toText() ?? null,
    rows: one.rows,
    days: one.days.map(({ day, quantity }) => ({ day: dayText(day), quantity: quantity.toText() })),
  };
}

function toWireDay({ resourceKey, resourceUri, usageDay, isAsked, rows }: DayExplanation): Wire {
  return {
    resourceKey,
    resourceUri,
    day: dayText(usageDay),
    isExample: !isAsked,
    rows: rows.map(toWireRow),
  };
}

function toWireRow(row: RowExplanation): Wire {
  const { mapping, records } = row;
  return {
    registrationId: row.registrationId,
    window: windowName(row.reportedHour),
    windowHash: row.windowHash,
    acceptedAt: row.acceptedAt.toString(),
    batch: row.sequence,
    usageStart: hourStart(hourNumber(row.usageHour)).toString(),
    quantity: row.quantity.toText(),
    tenantId: row.tenantId,
    mapping:
      mapping === undefined
        ? null
        : {
            mapping: mapping.mapping,
            version: mapping.version,
            effectiveFrom: mapping.effectiveFrom.toString(),
          },
    localMeterId: row.localMeterId,
    meterVersion: row.meterVersion,
    ...(records !== undefined && { records: toWireRecords(records) }),
  };
}

function toWireRecords(records: RowRecords): Wire {
  if (records.state !== 'found') return { state: records.state };
  return {
    state: records.state,
    value: records.records.map((one) => ({
      recordKey: one.recordKey,
      usageStart: one.usageStart.toString(),
      usageEnd: one.usageEnd.toString(),
      quantity: one.quantity.toText(),
    })),
    ...(records.more && { more: true }),
  };
}

function toWireTerm({ term, hours, base, used, computed }: TermExplanation): Wire {
  return {
    termId: term.termId,
    name: term.name,
    definition: termToWire(term.definition),
    effectiveFrom: hourStart(term.effectiveFrom).toString(),
    ...(term.effectiveTo !== undefined && { effectiveTo: hourStart(term.effectiveTo).toString() }),
    hours,
    used: used.toText(),
    ...textIf('base', base),
    ...textIf('computed', computed),
  };
}

/** A day as `2026-11-30`. */
function dayText(day: number): string {
  return dayStart(dayNumber(day)).toString().slice(0, 10);
}

function textIf(name: string, value: Decimal | undefined): Wire {
  return value === undefined ? {} : { [name]: value.toText() };
}
