import type { ReactNode } from 'react';
import { useAnswer } from '../../../api/hooks.ts';
import type { PriceListVersion, PriceListVersions } from '../../../api/types/commerce.ts';
import { usePart, useSearchState } from '../../../app/address.ts';
import {
  DataTable,
  DateText,
  FilterBar,
  PageHeader,
  PageLink,
  Section,
  SelectFilter,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';
import { State } from '../shared/state.tsx';
import { ComparedItems, PriceItems } from './price-items.tsx';

interface Choices {
  readonly version?: string | undefined;
  readonly compare?: string | undefined;
}

/** One price list: its versions, the prices of one of them, and what is different in another. */
export default function PriceListPage(): ReactNode {
  const say = useSay();
  const path = `/api/v1/price-lists/${encodeURIComponent(usePart('id'))}`;
  const answer = useAnswer<PriceListVersions>(path);
  return (
    <Answered answer={answer} isPage>
      {(list) => (
        <>
          <PageHeader
            title={list.name}
            trail={<PageLink to="/price-lists">{say('op.priceLists.nav')}</PageLink>}
            actions={
              <PageLink to="/what-if" search={{ list: list.priceListId }}>
                {say('op.whatIf.nav')}
              </PageLink>
            }
          />
          <Versions list={list} />
          <Prices path={path} list={list} />
        </>
      )}
    </Answered>
  );
}

function Versions({ list }: { readonly list: PriceListVersions }): ReactNode {
  const say = useSay();
  return (
    <Section title={say('op.versions')}>
      <DataTable
        caption={say('op.versions')}
        isCaptionHidden
        items={list.versions.toSorted((one, other) => other.version - one.version)}
        keyOf={({ version }) => String(version)}
        columns={[
          {
            id: 'version',
            title: say('op.version'),
            isOneLine: true,
            cell: ({ version }) => (
              <PageLink to="." search={{ version: String(version) }}>
                {say('op.version.number', { version })}
              </PageLink>
            ),
          },
          {
            id: 'state',
            title: say('op.state'),
            cell: ({ version }) => (version === list.inForce ? <State value="inForce" /> : '-'),
          },
          {
            id: 'from',
            title: say('op.from'),
            cell: ({ effectiveFrom }) => <DateText value={effectiveFrom} />,
          },
          {
            id: 'published',
            title: say('op.version.published'),
            cell: ({ publishedAt }) => <DateText value={publishedAt} />,
          },
          { id: 'note', title: say('op.note'), isText: true, cell: ({ note }) => note ?? '-' },
        ]}
      />
    </Section>
  );
}

function Prices({
  path,
  list,
}: {
  readonly path: string;
  readonly list: PriceListVersions;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const [{ version, compare }, change] = useSearchState<Choices>();
  const newest = Math.max(...list.versions.map((one) => one.version));
  const shown = version ?? String(list.inForce ?? newest);
  const answer = useAnswer<PriceListVersion>(`${path}/versions/${encodeURIComponent(shown)}`);
  const other = useAnswer<PriceListVersion>(
    `${path}/versions/${encodeURIComponent(compare ?? '')}`,
    undefined,
    { enabled: compare !== undefined },
  );
  const choices = list.versions.map((one) => ({
    value: String(one.version),
    label: say('op.version.since', {
      version: one.version,
      from: formats.time(one.effectiveFrom),
    }),
  }));
  return (
    <Section title={say('op.prices')}>
      <FilterBar>
        <SelectFilter
          label={say('op.version')}
          value={shown}
          choices={choices}
          onChange={(chosen) => change({ version: chosen })}
        />
        <SelectFilter
          label={say('op.version.compare')}
          all={say('op.version.compareNone')}
          value={compare}
          choices={choices.filter(({ value }) => value !== shown)}
          onChange={(chosen) => change({ compare: chosen })}
        />
      </FilterBar>
      <Answered answer={answer}>
        {(one) =>
          compare === undefined ? (
            <PriceItems items={one.content.items} currency={list.currency} />
          ) : (
            <Answered answer={other}>
              {(before) => <ComparedItems before={before} after={one} currency={list.currency} />}
            </Answered>
          )
        }
      </Answered>
    </Section>
  );
}
