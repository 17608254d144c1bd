import { dayNumber, dayStart, hourNumber, hourStart, isJsonObject } from '../../kernel/index.ts';
import { windowName } from '../../reporting/index.ts';
import type { PriceStep } from '../pricing/index.ts';
import type { Charge } from './charge.ts';
import type { ExplainedRow } from './explain-store.ts';
import type { ChargeExplanation, ExplainedResource } from './explain.ts';
import type { StoredPlan } from './plan-store.ts';
import type { ReratingReport } from './rerate.ts';
import type { AccountDifference } from './verify.ts';
import type { WhatIfLine } from './what-if.ts';

type Wire = Readonly<Record<string, unknown>>;

/** A charge as answers and commands have it; decimals are texts. */
export function toWireCharge(charge: Charge, periodName: string): Wire {
  return {
    charge: charge.charge.toString(),
    accountId: charge.accountId,
    period: periodName,
    customerSubscriptionId: charge.customerSubscriptionId,
    subscriptionId: charge.subscriptionId,
    meterId: charge.meterId,
    meterName: charge.meterName,
    category: charge.category,
    subCategory: charge.subCategory,
    unit: charge.unit,
    billable: charge.billable,
    quantity: charge.quantity.toText(),
    amount: charge.amount?.toText() ?? null,
    invoicedQuantity: charge.invoicedQuantity.toText(),
    invoicedAmount: charge.invoicedAmount.toText(),
    ...(charge.problem !== undefined && { problem: charge.problem }),
  };
}

/**
 * @param showsChain whether the price list and the markups on it are shown: to who may see the account of the seller, or
 *   where nobody put anything on top; a buyer is not told what its seller earns
 */
export function toWireExplanation(
  { charge, sale, plan, item, group, resources }: ChargeExplanation,
  periodName: string,
  { showsChain, nextLink }: { readonly showsChain: boolean; readonly nextLink?: string },
): Wire {
  return {
    charge: toWireCharge(charge, periodName),
    ...(sale && { sellerId: sale.seller.accountId, currency: sale.buyer.currency }),
    ...(showsChain && { plan: toWirePlan(plan) }),
    ...(item && { scope: item.scope, priceKind: item.price.kind }),
    ...(group && {
      group: {
        charges: group.charges,
        before: group.before.toText(),
        quantity: group.quantity.toText(),
        total: group.total.toText(),
        amount: group.amount?.toText() ?? null,
        steps: group.steps.map(toWireStep),
      },
    }),
    resources: resources.map(toWireResource),
    ...(nextLink !== undefined && { nextLink }),
  };
}

function toWirePlan({ plan, priceListId, version, problem, ...rest }: StoredPlan): Wire {
  const chain: unknown = JSON.parse(rest.chain);
  return {
    plan,
    ...(priceListId !== undefined && { priceListId, version }),
    ...(problem !== undefined && { problem }),
    effectiveFrom: hourStart(hourNumber(rest.effectiveFrom)).toString(),
    factor: rest.factor.toText(),
    exchangeRate: rest.exchangeRate.toText(),
    chain: Array.isArray(chain) ? chain.filter(isJsonObject) : [],
  };
}

function toWireStep(step: PriceStep): Wire {
  return {
    kind: step.kind,
    ...(step.from && { from: step.from.toText() }),
    ...(step.upTo && { upTo: step.upTo.toText() }),
    quantity: step.quantity.toText(),
    ...(step.unitPrice && { unitPrice: step.unitPrice.toText() }),
    ...(step.fixed && { fixed: step.fixed.toText() }),
    ...(step.packages && { packages: step.packages.toText() }),
    amount: step.amount.toText(),
  };
}

function toWireResource(resource: ExplainedResource): Wire {
  return {
    resourceKey: resource.resourceKey,
    resourceUri: resource.resourceUri,
    location: resource.location,
    quantity: resource.quantity.toText(),
    amount: resource.amount?.toText() ?? null,
    rows: resource.rows,
    days: resource.days.map(({ day, quantity }) => ({
      day: dayText(day),
      quantity: quantity.toText(),
    })),
  };
}

/** A row of reported usage with where it came from. */
export function toWireRow(row: ExplainedRow): Wire {
  return {
    registrationId: row.registrationId,
    window: windowName(hourNumber(row.reportedHour)),
    sequence: row.sequence,
    usageTime: hourStart(hourNumber(row.usageHour)).toString(),
    quantity: row.quantity.toText(),
    tenantId: row.tenantId,
    mapping: row.mapping
      ? {
          version: row.mapping.version,
          effectiveFrom: row.mapping.effectiveFrom.toString(),
        }
      : null,
    localMeterId: row.localMeterId,
    meterVersion: row.meterVersion,
    acceptedAt: row.acceptedAt.toString(),
    windowHash: row.windowHash,
  };
}

export function toWireWhatIf(line: WhatIfLine): Wire {
  return {
    accountId: line.accountId,
    currency: line.currency,
    meterId: line.meterId,
    quantity: line.quantity.toText(),
    before: line.before.toText(),
    after: line.after.toText(),
    difference: line.difference.toText(),
    ...(!line.unpriced.isZero() && { unpriced: line.unpriced.toText() }),
  };
}

/** @param periodNames by number */
export function toWireReport(
  { run, changes }: ReratingReport,
  periodNames: ReadonlyMap<number, string>,
): Wire {
  return {
    run: run.toString(),
    changes: changes.map((one) => ({
      accountId: one.accountId,
      period: periodNames.get(one.period) ?? '',
      before: one.before.toText(),
      after: one.after.toText(),
      difference: one.difference.toText(),
    })),
  };
}

export function toWireDifference(one: AccountDifference): Wire {
  return {
    accountId: one.accountId,
    period: one.periodName,
    charge: one.charge?.toString() ?? null,
    what: one.what,
    ...(one.usageDay !== undefined && { day: dayText(one.usageDay) }),
    ...(one.resourceKey !== undefined && { resourceKey: one.resourceKey }),
    kept: one.kept ?? null,
    found: one.found ?? null,
  };
}

function dayText(day: number): string {
  return dayStart(dayNumber(day)).toString().slice(0, 10);
}
