import type { ReactNode } from 'react';
import { useAnswer } from '../../api/hooks.ts';
import type { Draft } from '../../api/types/invoices.ts';
import { useAccount } from '../../app/account.ts';
import { usePart } from '../../app/address.ts';
import {
  Cards,
  DataTable,
  ErrorNotice,
  Facts,
  Loading,
  Money,
  Notice,
  PageHeader,
  PageLink,
  Section,
} from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { PartyCard } from './invoice-head.tsx';
import { lineColumns } from './line-columns.tsx';
import { TaxTable } from './tax-table.tsx';

/** Lines that are drawn at once: a draft comes with all of them. */
/** What the invoice of a period would be if it were issued now. */
export default function DraftPage(): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const period = usePart('period');
  const { accountId, account } = useAccount();
  const { data, error, isPending, refetch } = useAnswer<Draft>(
    `/api/v1/accounts/${accountId ?? ''}/draft`,
    { period },
    { enabled: accountId !== undefined },
  );
  return (
    <>
      <PageHeader
        title={say('invoices.draft.title', { period: formats.period(period) })}
        description={say('invoices.draft.text', { account: account?.name ?? '' })}
        trail={<PageLink to="/periods">{say('invoices.periods.title')}</PageLink>}
      />
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {isPending && <Loading />}
      {data !== undefined && <DraftOf draft={data} />}
    </>
  );
}

function DraftOf({ draft }: { readonly draft: Draft }): ReactNode {
  const say = useSay();
  const { currency, net, tax, gross, held, lines } = draft;
  const money = (amount: string): ReactNode => <Money amount={amount} currency={currency} />;
  return (
    <>
      {held !== undefined && (
        <Notice tone="warning" title={say('invoices.periods.held')}>
          {held}
        </Notice>
      )}
      <Cards>
        <Section title={say('invoices.sums')} isCard>
          <Facts
            items={[
              { label: say('invoices.kind'), value: say(`invoices.kind.${draft.kind}`) },
              { label: say('invoices.gross'), value: money(gross) },
              { label: say('invoices.net'), value: money(net) },
              { label: say('invoices.tax'), value: money(tax) },
            ]}
          />
        </Section>
        <PartyCard title={say('invoices.seller')} party={draft.seller} />
        <PartyCard title={say('invoices.buyer')} party={draft.buyer} />
      </Cards>
      <Section title={say('invoices.lines')}>
        <DataTable
          caption={say('invoices.lines')}
          isCaptionHidden
          items={lines}
          columns={lineColumns(say, currency)}
          keyOf={({ line }) => String(line)}
          empty={say('invoices.draft.empty')}
        />
      </Section>
      <Section title={say('invoices.taxes')}>
        <TaxTable taxes={draft.taxes} totals={draft} />
      </Section>
    </>
  );
}
