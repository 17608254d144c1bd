import type { ReactNode } from 'react';
import type { Price, PriceItem } from '../../../api/types/commerce.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';

/** A price in words, each step on a line of its own. */
export function PriceText({
  item,
  currency,
}: {
  readonly item: PriceItem;
  readonly currency: string;
}): ReactNode {
  const lines = usePriceLines(currency)(item);
  return lines.map((line) => <div key={line}>{line}</div>);
}

/** Writes prices line by line, with every digit that they have. */
export function usePriceLines(currency: string): (item: PriceItem) => readonly string[] {
  const say = useSay();
  const formats = useFormats();
  const money = (amount: string | undefined): string =>
    amount === undefined ? '' : formats.money(amount, currency, { exact: true });
  const upTo = (quantity: string | undefined): string =>
    quantity === undefined
      ? say('op.price.rest')
      : say('op.price.upTo', { quantity: formats.exact(quantity) });
  const ofPrice = (price: Price): readonly string[] => {
    switch (price.kind) {
      case 'flat':
        return [say('op.price.flat', { price: money(price.unitPrice) })];
      case 'graduated':
      case 'volume':
        return [
          say(`op.price.${price.kind}`),
          ...(price.tiers ?? []).map((tier) =>
            say(tier.fixed === undefined ? 'op.price.tier' : 'op.price.tierFixed', {
              range: upTo(tier.upTo),
              price: money(tier.unitPrice),
              fixed: money(tier.fixed),
            }),
          ),
        ];
      case 'package':
        return [
          say('op.price.package', {
            price: money(price.packagePrice),
            size: formats.exact(price.size ?? ''),
          }),
        ];
      case 'stairstep':
        return [
          say('op.price.stairstep'),
          ...(price.steps ?? []).map((step) =>
            say('op.price.step', { range: upTo(step.upTo), price: money(step.amount) }),
          ),
        ];
      case 'percentage':
        return [say('op.price.percentage', { percent: formats.percent(price.percent ?? '', 6) })];
      default:
        return [price.kind];
    }
  };
  return ({ price, included, minimum, maximum }) => [
    ...ofPrice(price),
    ...(included === undefined
      ? []
      : [say('op.price.included', { quantity: formats.exact(included) })]),
    ...(minimum === undefined ? [] : [say('op.price.minimum', { price: money(minimum) })]),
    ...(maximum === undefined ? [] : [say('op.price.maximum', { price: money(maximum) })]),
  ];
}
