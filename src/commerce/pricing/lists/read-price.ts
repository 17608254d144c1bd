import { Decimal } from '../../../kernel/index.ts';
import { priceKinds, type Price, type Stair, type Tier } from '../price.ts';
import type { PlaceReader } from './places.ts';

const MOST_TIERS = 100;

/** Members of a price by kind, besides `kind`. */
const MEMBERS = {
  flat: ['unitPrice'],
  graduated: ['tiers'],
  volume: ['tiers'],
  package: ['size', 'packagePrice'],
  stairstep: ['steps'],
  percentage: ['percent'],
} as const satisfies Readonly<Record<Price['kind'], readonly string[]>>;

/** Reads the price of an item; undefined when something of it is wrong, which the reader then knows. */
export function readPrice(reader: PlaceReader, place: string, value: unknown): Price | undefined {
  const known = Object.values(MEMBERS).flat();
  const members = reader.object(place, value, ['kind', ...new Set(known)]);
  const kind = members && reader.word(`${place}.kind`, members['kind'], priceKinds);
  if (members === undefined || kind === undefined) return undefined;
  const names: readonly string[] = ['kind', ...MEMBERS[kind]];
  for (const name of Object.keys(members)) {
    if (!names.includes(name) && known.some((one) => one === name)) {
      reader.tell(`${place}.${name}`, `a price of the kind ${kind} has ${names.join(', ')}`);
    }
  }
  const decimal = (name: string): Decimal | undefined =>
    reader.decimal(`${place}.${name}`, members[name]);
  switch (kind) {
    case 'flat': {
      const unitPrice = decimal('unitPrice');
      return unitPrice && { kind, unitPrice };
    }
    case 'graduated':
    case 'volume': {
      const tiers = readTiers(reader, `${place}.tiers`, members['tiers']);
      return tiers && { kind, tiers };
    }
    case 'package': {
      const [size, packagePrice] = [decimal('size'), decimal('packagePrice')];
      return size && packagePrice && { kind, size, packagePrice };
    }
    case 'stairstep': {
      const steps = readSteps(reader, `${place}.steps`, members['steps']);
      return steps && { kind, steps };
    }
    default: {
      const percent = decimal('percent');
      return percent && { kind, percent };
    }
  }
}

function readTiers(reader: PlaceReader, place: string, value: unknown): Tier[] | undefined {
  return readParts(reader, place, value, ['unitPrice', 'fixed'], (at, members, upTo) => {
    const unitPrice = reader.decimal(`${at}.unitPrice`, members['unitPrice']);
    const fixed = reader.optionalDecimal(`${at}.fixed`, members['fixed']);
    return unitPrice && { upTo, unitPrice, ...(fixed && { fixed }) };
  });
}

function readSteps(reader: PlaceReader, place: string, value: unknown): Stair[] | undefined {
  return readParts(reader, place, value, ['amount'], (at, members, upTo) => {
    const amount = reader.decimal(`${at}.amount`, members['amount']);
    return amount && { upTo, amount };
  });
}

/** Tiers and steps alike: bounds, and what each costs. */
function readParts<T extends { readonly upTo: Decimal | undefined }>(
  reader: PlaceReader,
  place: string,
  value: unknown,
  names: readonly string[],
  readOne: (
    place: string,
    members: Readonly<Record<string, unknown>>,
    upTo: Decimal | undefined,
  ) => T | undefined,
): T[] | undefined {
  const list = reader.list(place, value, MOST_TIERS);
  let before: Decimal | undefined = Decimal.zero;
  const parts = (list ?? []).flatMap((one, index) => {
    const at = `${place}[${index}]`;
    const members = reader.object(at, one, ['from', 'upTo', ...names]);
    if (members === undefined) return [];
    checkFrom(reader, `${at}.from`, members['from'], before);
    const upTo = reader.optionalDecimal(`${at}.upTo`, members['upTo']);
    before = upTo;
    return readOne(at, members, upTo) ?? [];
  });
  return list?.length === parts.length ? parts : undefined;
}

/** Where it begins follows from the one before; a file that says it all the same has to say the same. */
function checkFrom(
  reader: PlaceReader,
  place: string,
  value: unknown,
  before: Decimal | undefined,
): void {
  const from = reader.optionalDecimal(place, value);
  if (from === undefined || before === undefined) return;
  const order = from.compare(before);
  if (order > 0)
    reader.tell(
      place,
      `there is a gap: nothing has a price from ${before.toText()} to ${from.toText()}`,
    );
  if (order < 0) reader.tell(place, `it overlaps with what goes up to ${before.toText()}`);
}
