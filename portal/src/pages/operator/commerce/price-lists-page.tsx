import type { ReactNode } from 'react';
import { usePages } from '../../../api/hooks.ts';
import type { PriceList } from '../../../api/types/commerce.ts';
import {
  Code,
  DataTable,
  DateText,
  PageHeader,
  PageLink,
  StateBadge,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';

/** The price lists. */
export default function PriceListsPage(): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const list = usePages<PriceList>('/api/v1/price-lists');
  return (
    <>
      <PageHeader
        title={say('op.priceLists.nav')}
        description={say('op.priceLists.text')}
        actions={<PageLink to="/what-if">{say('op.whatIf.nav')}</PageLink>}
      />
      <DataTable
        caption={say('op.priceLists.nav')}
        isCaptionHidden
        list={list}
        keyOf={({ priceListId }) => priceListId}
        empty={say('op.priceLists.empty')}
        columns={[
          {
            id: 'name',
            title: say('op.name'),
            cell: ({ priceListId, name }) => (
              <PageLink to="/price-lists/$id" params={{ id: priceListId }}>
                {name}
              </PageLink>
            ),
          },
          {
            id: 'id',
            title: say('op.id'),
            cell: ({ priceListId }) => <Code>{priceListId}</Code>,
          },
          { id: 'currency', title: say('op.currency'), cell: ({ currency }) => currency },
          {
            id: 'versions',
            title: say('op.versions'),
            align: 'end',
            cell: ({ versions }) => formats.count(versions),
          },
          {
            id: 'sample',
            title: say('op.kind'),
            cell: ({ sample }) => (
              <StateBadge tone={sample ? 'warning' : 'neutral'}>
                {say(sample ? 'op.priceList.sample' : 'op.priceList.real')}
              </StateBadge>
            ),
          },
          {
            id: 'created',
            title: say('op.created'),
            cell: ({ createdAt }) => <DateText value={createdAt} />,
          },
        ]}
      />
    </>
  );
}
