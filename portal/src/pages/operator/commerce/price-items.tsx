import { useState, type ReactNode } from 'react';
import type { PriceItem, PriceListVersion } from '../../../api/types/commerce.ts';
import {
  Code,
  DataTable,
  FilterBar,
  Notice,
  SelectFilter,
  StateBadge,
  TextFilter,
  type Tone,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { PriceText, usePriceLines } from './price-text.tsx';

/** Two items of a list are of the same thing when meter and name are the same. */
function keyOf({ meterId, scope = 'account' }: PriceItem): string {
  return `${meterId.toLowerCase()} ${scope}`;
}

/** The prices of a version, found by their name. */
export function PriceItems({
  items,
  currency,
}: {
  readonly items: readonly PriceItem[];
  readonly currency: string;
}): ReactNode {
  const say = useSay();
  const [search, setSearch] = useState<string>();
  const wanted = search?.toLowerCase() ?? '';
  const shown = items.filter(({ name = '', meterId }) =>
    `${name} ${meterId}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <FilterBar>
        <TextFilter label={say('op.search')} value={search} onChange={setSearch} />
      </FilterBar>
      <DataTable
        caption={say('op.prices')}
        isCaptionHidden
        items={shown}
        keyOf={keyOf}
        empty={say('op.noMatch')}
        columns={[
          { id: 'name', title: say('op.name'), cell: ({ name, meterId }) => name ?? meterId },
          {
            id: 'price',
            title: say('op.price'),
            cell: (item) => <PriceText item={item} currency={currency} />,
          },
          {
            id: 'scope',
            title: say('op.price.scope'),
            cell: ({ scope = 'account' }) => say(`op.price.scope.${scope}`),
          },
          {
            id: 'meter',
            title: say('op.meter'),
            cell: ({ meterId }) => <Code>{meterId}</Code>,
          },
        ]}
      />
    </>
  );
}

type Change = 'added' | 'removed' | 'changed' | 'same';

const TONES: Readonly<Record<Change, Tone>> = {
  added: 'good',
  removed: 'bad',
  changed: 'warning',
  same: 'neutral',
};

interface Compared {
  readonly key: string;
  readonly before: PriceItem | undefined;
  readonly after: PriceItem | undefined;
  readonly change: Change;
}

/** Two versions beside each other; what is the same is left out unless it is asked for. */
export function ComparedItems({
  before,
  after,
  currency,
}: {
  readonly before: PriceListVersion;
  readonly after: PriceListVersion;
  readonly currency: string;
}): ReactNode {
  const say = useSay();
  const linesOf = usePriceLines(currency);
  const [show, setShow] = useState<'different' | 'all'>('different');
  const one = new Map(before.content.items.map((item) => [keyOf(item), item]));
  const other = new Map(after.content.items.map((item) => [keyOf(item), item]));
  const textOf = (item: PriceItem): string => linesOf(item).join('\n');
  const compared = [...new Set([...other.keys(), ...one.keys()])].map((key): Compared => {
    const [a, b] = [one.get(key), other.get(key)];
    const change: Change =
      a === undefined
        ? 'added'
        : b === undefined
          ? 'removed'
          : textOf(a) === textOf(b)
            ? 'same'
            : 'changed';
    return { key, before: a, after: b, change };
  });
  const different = compared.filter(({ change }) => change !== 'same');
  const versions = { before: before.version, after: after.version };
  const cell = (item: PriceItem | undefined): ReactNode =>
    item === undefined ? '-' : <PriceText item={item} currency={currency} />;
  return (
    <>
      <Notice>{say('op.version.differences', { ...versions, count: different.length })}</Notice>
      <FilterBar>
        <SelectFilter
          label={say('op.version.show')}
          value={show}
          choices={[
            { value: 'different', label: say('op.version.show.different') },
            { value: 'all', label: say('common.all') },
          ]}
          onChange={(chosen) => setShow(chosen ?? 'different')}
        />
      </FilterBar>
      <DataTable
        caption={say('op.version.compared', versions)}
        items={show === 'all' ? compared : different}
        keyOf={({ key }) => key}
        empty={say('op.version.noDifference')}
        columns={[
          {
            id: 'name',
            title: say('op.name'),
            cell: ({ before: a, after: b, key }) => b?.name ?? a?.name ?? key,
          },
          {
            id: 'change',
            title: say('op.version.change'),
            cell: ({ change }) => (
              <StateBadge tone={TONES[change]}>{say(`op.version.change.${change}`)}</StateBadge>
            ),
          },
          {
            id: 'before',
            title: say('op.version.number', { version: before.version }),
            cell: (line) => cell(line.before),
          },
          {
            id: 'after',
            title: say('op.version.number', { version: after.version }),
            cell: (line) => cell(line.after),
          },
        ]}
      />
    </>
  );
}
