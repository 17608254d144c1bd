import {
  allocate,
  Decimal,
  minorUnitsOf,
  parseResourceUri,
  sumOf,
  type Currency,
} from '../../../kernel/index.ts';
import type { InvoiceResource } from '../../documents/index.ts';

/** What one resource used of a charge; the last entry of a line may stand for all others. */
export interface ResourceShare {
  /** Undefined: all that are not among the largest. */
  readonly resource: { readonly uri: string; readonly location: string } | undefined;
  /** How many resources it stands for. */
  readonly count: number;
  readonly quantity: Decimal;
}

/**
 * The amount of a line as it is printed, split over its resources by what each used: the shares sum to it,
 * and no minor unit is lost.
 *
 * @param others words for the last entry, where it stands for several
 * @returns nothing where the quantities are not those of the line, or cannot be compared
 */
export function resourcesOf(
  line: { readonly quantity: Decimal; readonly amount: Decimal },
  shares: readonly ResourceShare[],
  currency: Currency,
  others: (count: number) => string,
): InvoiceResource[] {
  const quantities = shares.map(({ quantity }) => quantity);
  const isWhole = sumOf(quantities).equals(line.quantity);
  const isComparable = quantities.every((one) => !one.isNegative()) && !line.quantity.isZero();
  if (!isWhole || !isComparable) return [];
  const scale = Math.max(...quantities.map((one) => one.scale));
  const amounts = allocate(
    line.amount,
    quantities.map((one) => one.unscaledAt(scale)),
    minorUnitsOf(currency),
  );
  return shares.map(({ resource, count, quantity }, at) => ({
    ...placeOf(resource, () => others(count)),
    quantity,
    amount: amounts[at] ?? Decimal.zero,
  }));
}

function placeOf(
  resource: ResourceShare['resource'],
  others: () => string,
): Pick<InvoiceResource, 'name' | 'resourceGroup' | 'location'> {
  if (resource === undefined) return { name: others(), resourceGroup: '', location: '' };
  const { uri, location } = resource;
  const parsed = parseResourceUri(uri);
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  return { name, resourceGroup: parsed?.resourceGroup ?? '', location };
}
