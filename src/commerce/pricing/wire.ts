import { hourStart } from '../../kernel/index.ts';
import { priceListToWire } from './lists/content.ts';
import type { PriceList } from './lists/store.ts';
import type { PriceListVersion, PriceStep } from './price.ts';
import type { Quote } from './quote.ts';

type Wire = Readonly<Record<string, unknown>>;

/** A price list as answers and the command line have it. */
export function toWirePriceList(list: PriceList): Wire {
  const { priceListId, name, currency, versions, sample, createdAt } = list;
  return { priceListId, name, currency, versions, sample, createdAt: createdAt.toString() };
}

/** A version without its prices. */
export function toWireVersion(one: PriceListVersion): Wire {
  return {
    priceListId: one.priceListId,
    version: one.version,
    effectiveFrom: hourStart(one.effectiveFrom).toString(),
    sample: one.sample,
    note: one.note,
    publishedAt: one.publishedAt.toString(),
  };
}

/** A version with its prices, decimals as texts. */
export function toWireWholeVersion(one: PriceListVersion): Wire {
  return { ...toWireVersion(one), content: priceListToWire(one.content) };
}

/** A step of an amount, decimals as texts; what a kind of step does not have is left out. */
export function priceStepToWire(step: PriceStep): Wire {
  const { from, upTo, quantity, unitPrice, fixed, packages, amount } = step;
  const figures = { from, upTo, quantity, unitPrice, fixed, packages, amount };
  return {
    kind: step.kind,
    ...Object.fromEntries(
      Object.entries(figures).flatMap(([name, figure]) =>
        figure === undefined ? [] : [[name, figure.toText()]],
      ),
    ),
  };
}

/** A quote; `priceList` is missing where a content was sent along. */
export function toWireQuote(quote: Quote, priceList: PriceListVersion | undefined): Wire {
  return {
    ...(priceList && { priceList: toWireVersion(priceList) }),
    currency: quote.currency,
    lines: quote.lines.map((line) => ({
      meterId: line.item.meterId,
      ...(line.item.name !== undefined && { name: line.item.name }),
      ...(line.subscriptionId !== undefined && { subscriptionId: line.subscriptionId }),
      quantity: line.quantity.toText(),
      amount: line.amount.toText(),
      rounded: line.rounded.toText(),
      steps: line.steps.map(priceStepToWire),
    })),
    amount: quote.amount.toText(),
    total: quote.total.toText(),
  };
}
