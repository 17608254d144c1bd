import type { ReactNode } from 'react';
import { useAnswer, usePages } from '../../api/hooks.ts';
import type { Invoice, InvoiceLine } from '../../api/types/invoices.ts';
import { usePart } from '../../app/address.ts';
import {
  DataTable,
  DownloadButton,
  ErrorNotice,
  Loading,
  PageHeader,
  PageLink,
  Section,
} from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { InvoiceHead } from './invoice-head.tsx';
import { lineColumns } from './line-columns.tsx';
import { PaidAndCredited } from './paid-and-credited.tsx';
import { TaxTable } from './tax-table.tsx';
import { VoidButton } from './void-button.tsx';

const DOCUMENTS = [
  { kind: 'pdf', extension: 'pdf' },
  { kind: 'ubl', extension: 'xml' },
  { kind: 'csv', extension: 'csv' },
] as const;

export default function InvoicePage(): ReactNode {
  const say = useSay();
  const number = usePart('number');
  const path = `/api/v1/invoices/${encodeURIComponent(number)}`;
  const { data: invoice, error, isPending, refetch } = useAnswer<Invoice>(path);
  const kind = invoice?.kind ?? 'invoice';
  return (
    <>
      <PageHeader
        title={`${say(`invoices.kind.${kind}`)} ${number}`}
        trail={<PageLink to="/invoices">{say('invoices.title')}</PageLink>}
        actions={
          invoice !== undefined && (
            <>
              {DOCUMENTS.map((one) => (
                <DownloadButton
                  key={one.kind}
                  path={`${path}/documents/${one.kind}`}
                  fileName={`${number}.${one.extension}`}
                >
                  {say(`invoices.document.${one.kind}`)}
                </DownloadButton>
              ))}
              <VoidButton invoice={invoice} />
            </>
          )
        }
      />
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {isPending && <Loading />}
      {invoice !== undefined && (
        <>
          <InvoiceHead invoice={invoice} />
          <Section title={say('invoices.lines')}>
            <Lines path={path} invoice={invoice} />
          </Section>
          <Section title={say('invoices.taxes')}>
            <TaxTable taxes={invoice.taxes ?? []} totals={invoice} />
          </Section>
          <PaidAndCredited invoice={invoice} />
        </>
      )}
    </>
  );
}

function Lines({ path, invoice }: { readonly path: string; readonly invoice: Invoice }): ReactNode {
  const say = useSay();
  const list = usePages<InvoiceLine>(`${path}/lines`);
  return (
    <DataTable
      caption={say('invoices.lines')}
      isCaptionHidden
      list={list}
      columns={lineColumns(say, invoice.currency, invoice.number)}
      keyOf={({ line }) => String(line)}
    />
  );
}
