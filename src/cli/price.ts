import {
  findPriceListVersion,
  listPriceLists,
  priceListToWire,
  priceListVersions,
  quote,
  toWirePriceList,
  toWireQuote,
  toWireVersion,
  versionAt,
  type PriceItem,
  type PriceListVersion,
  type Quote,
  type QuotedUsage,
} from '../commerce/pricing/index.ts';
import { Decimal, fail, hourOf, hourStart, parseWireTime } from '../kernel/index.ts';
import type { Queryable } from '../platform/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';
import { readContent, readId } from './price-list.ts';

/** `price list` */
export async function list(context: Context): Promise<void> {
  const lists = await withStamp(context, ({ database }) => listPriceLists(database.pool));
  const text = context.json
    ? toJson(lists.map(toWirePriceList))
    : toTable(
        ['PRICE LIST', 'NAME', 'CURRENCY', 'VERSIONS', 'SAMPLE'],
        lists.map((one) => [
          one.priceListId,
          one.name,
          one.currency,
          String(one.versions),
          one.sample ? 'yes' : 'no',
        ]),
      );
  await write(context.output.out, text);
}

/** `price versions` */
export async function versions(context: Context, values: Arguments): Promise<void> {
  const all = await withStamp(context, ({ database }) =>
    requireVersions(database.pool, values.operand(0)),
  );
  const text = context.json
    ? toJson(all.map(toWireVersion))
    : toTable(
        ['VERSION', 'EFFECTIVE FROM', 'PUBLISHED', 'PRICES', 'SAMPLE', 'NOTE'],
        all.map((one) => [
          String(one.version),
          hourStart(one.effectiveFrom).toString(),
          one.publishedAt.toString(),
          String(one.content.items.length),
          one.sample ? 'yes' : 'no',
          one.note,
        ]),
      );
  await write(context.output.out, text);
}

/** `price show` */
export async function show(context: Context, values: Arguments): Promise<void> {
  const version = await withStamp(context, async ({ database, clock }) => {
    const number = readVersion(values);
    if (number !== undefined) return requireVersion(database.pool, values.operand(0), number);
    const all = await requireVersions(database.pool, values.operand(0));
    return versionAt(all, hourOf(clock.now())) ?? all[0]!;
  });
  const { content, sample, note } = version;
  const head = [
    `${content.name}, version ${version.version}, in ${content.currency}`,
    `in force from ${hourStart(version.effectiveFrom).toString()}`,
    ...(sample ? ['SAMPLE: its figures are an example, not an offer'] : []),
    ...(note === '' ? [] : [note]),
  ];
  const text = context.json
    ? toJson(priceListToWire(content))
    : `${head.join('\n')}\n\n${toTable(
        ['METER', 'NAME', 'KIND', 'PRICE', 'COUNTED BY', 'INCLUDED'],
        content.items.map((item) => [
          item.meterId,
          item.name ?? '',
          item.price.kind,
          tellPrice(item),
          item.scope,
          item.included.isZero() ? '' : item.included.toText(),
        ]),
      )}`;
  await write(context.output.out, text);
}

function tellPrice({ price, minimum, maximum }: PriceItem): string {
  const bounds = [
    ...(minimum === undefined ? [] : [`at least ${minimum.toText()}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum.toText()}`]),
  ];
  const upTo = (part: { readonly upTo: Decimal | undefined }): string =>
    part.upTo === undefined ? 'above' : `to ${part.upTo.toText()}`;
  switch (price.kind) {
    case 'flat':
      return [price.unitPrice.toText(), ...bounds].join(', ');
    case 'graduated':
    case 'volume':
      return [
        ...price.tiers.map(
          (tier) =>
            `${upTo(tier)}: ${tier.unitPrice.toText()}${tier.fixed ? ` and ${tier.fixed.toText()} once` : ''}`,
        ),
        ...bounds,
      ].join(', ');
    case 'package':
      return [`${price.packagePrice.toText()} for each ${price.size.toText()}`, ...bounds].join(
        ', ',
      );
    case 'stairstep':
      return [
        ...price.steps.map((step) => `${upTo(step)}: ${step.amount.toText()}`),
        ...bounds,
      ].join(', ');
    default:
      return [`${price.percent.toText()} %`, ...bounds].join(', ');
  }
}

/** `price quote` */
export async function quoteUsage(context: Context, values: Arguments): Promise<void> {
  const usage = (values.list('usage') ?? []).map(readUsage);
  const file = values.optional('file');
  const content = file === undefined ? undefined : await readContent(file);
  const asked = values.optional('at');
  const at =
    asked === undefined
      ? context.clock.now()
      : parseArgument('--at', asked, parseWireTime, 'it is a time such as 2026-11-01T00:00Z');
  const date = at.toString().slice(0, 10);
  if (content !== undefined) {
    return tellQuote(context, quote(content, usage, { priceList: content.name, date }), undefined);
  }
  const id = values.optional('list') ?? 'sample';
  const version = await withStamp(context, async ({ database }) => {
    const number = readVersion(values);
    if (number !== undefined) return requireVersion(database.pool, id, number);
    return versionAt(await requireVersions(database.pool, id), hourOf(at));
  });
  if (version === undefined) {
    const rule = 'no version of the price list is in force then';
    throw fail('InvalidProperty', { parameter: '--at', value: at.toString(), rule });
  }
  return tellQuote(context, quote(version.content, usage, { priceList: id, date }), version);
}

/** `METER=QUANTITY` or `METER=QUANTITY@SUBSCRIPTION` */
function readUsage(text: string): QuotedUsage {
  const rule = 'it is METER=QUANTITY or METER=QUANTITY@SUBSCRIPTION, the quantity a decimal';
  return parseArgument(
    '--usage',
    text,
    (value) => {
      const [, meterId, figure = '', subscriptionId] =
        /^(.+)=([^=@]+)(?:@(.+))?$/.exec(value) ?? [];
      const quantity = Decimal.parse(figure);
      if (meterId === undefined || quantity === undefined || quantity.scale > 30) return undefined;
      return { meterId, quantity, subscriptionId };
    },
    rule,
  );
}

async function tellQuote(
  context: Context,
  answer: Quote,
  version: PriceListVersion | undefined,
): Promise<void> {
  const text = context.json
    ? toJson(toWireQuote(answer, version))
    : [
        toTable(
          ['METER', 'NAME', 'SUBSCRIPTION', 'QUANTITY', 'AMOUNT', 'ROUNDED'],
          answer.lines.map((line) => [
            line.item.meterId,
            line.item.name ?? '',
            line.subscriptionId ?? '',
            line.quantity.toText(),
            line.amount.toText(),
            line.rounded.toText(),
          ]),
        ),
        `Total: ${answer.total.toText()} ${answer.currency}`,
        version?.sample === true ? ' by sample prices, which are an example, not an offer' : '',
        '\n',
      ].join('');
  await write(context.output.out, text);
}

function readVersion(values: Arguments): number | undefined {
  const text = values.optional('version');
  if (text === undefined) return undefined;
  return parseArgument(
    '--version',
    text,
    (value) => (/^[1-9]\d{0,8}$/.test(value) ? Number.parseInt(value, 10) : undefined),
    'it is the number of a version',
  );
}

async function requireVersions(db: Queryable, text: string): Promise<PriceListVersion[]> {
  const all = await priceListVersions(db, readId(text));
  if (all.length === 0) throw fail('PriceListNotFound', { priceList: text });
  return all;
}

async function requireVersion(
  db: Queryable,
  text: string,
  number: number,
): Promise<PriceListVersion> {
  const version = await findPriceListVersion(db, readId(text), number);
  if (version !== undefined) return version;
  throw fail('PriceListNotFound', { priceList: `${text} version ${number}` });
}
