import type { ReactNode } from 'react';
import { useAnswer } from '../../api/hooks.ts';
import type { Explanation } from '../../api/types/explanation.ts';
import { usePart, useSearchState } from '../../app/address.ts';
import {
  ErrorNotice,
  Facts,
  Loading,
  Money,
  Notice,
  PageHeader,
  PageLink,
  Quantity,
  Section,
} from '../../components/index.ts';
import { SubscriptionName } from '../analysis/subscription-name.tsx';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { ExplainedCharge } from './explained-charge.tsx';
import { ExplainedDay } from './explained-day.tsx';
import { ExplainedPrice } from './explained-price.tsx';
import { ExplainedResources } from './explained-resources.tsx';
import { ExplainedTerm } from './explained-term.tsx';
import type { ExplanationSearch } from './search.ts';

/** From the amount of a line down to the records that were counted. */
export default function ExplanationPage(): ReactNode {
  const say = useSay();
  const number = usePart('number');
  const line = usePart('line');
  const [{ resource, day, after }] = useSearchState<ExplanationSearch>();
  const path = `/api/v1/invoices/${encodeURIComponent(number)}/lines/${encodeURIComponent(line)}/explanation`;
  const { data, error, isPending, isPlaceholderData, refetch } = useAnswer<Explanation>(
    path,
    { resource, day, after },
    { keep: true },
  );
  return (
    <>
      <PageHeader
        title={say('invoices.explain.title', { line, number })}
        description={data?.line.description}
        trail={
          <>
            <PageLink to="/invoices">{say('invoices.title')}</PageLink>
            {' / '}
            <PageLink to="/invoices/$number" params={{ number }}>
              {number}
            </PageLink>
          </>
        }
      />
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {isPending && <Loading />}
      {data !== undefined && (
        <div aria-busy={isPlaceholderData}>
          <LineOfInvoice data={data} />
          {data.term !== undefined && (
            <ExplainedTerm term={data.term} currency={data.invoice.currency} />
          )}
          {data.price !== undefined && <ExplainedPrice price={data.price} data={data} />}
          {data.charge !== undefined && <ExplainedCharge charge={data.charge} data={data} />}
          {data.resources !== undefined && (
            <ExplainedResources resources={data.resources} data={data} />
          )}
          {data.day !== undefined && <ExplainedDay day={data.day} unit={data.line.unit} />}
        </div>
      )}
    </>
  );
}

function LineOfInvoice({ data }: { readonly data: Explanation }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { line, rounding, invoice, cancels } = data;
  const { currency } = invoice;
  return (
    <Section title={say('invoices.explain.line')}>
      {cancels !== undefined && (
        <Notice>
          {say('invoices.explain.cancels')}{' '}
          <PageLink
            to="/invoices/$number/lines/$line"
            params={{ number: cancels.number, line: String(cancels.line) }}
          >
            {say('invoices.explain.title', { line: cancels.line, number: cancels.number })}
          </PageLink>
        </Notice>
      )}
      <Facts
        items={[
          { label: say('invoices.lineKind'), value: say(`invoices.lineKind.${line.kind}`) },
          { label: say('invoices.service'), value: line.service },
          {
            label: say('invoices.subscription'),
            value: line.subscriptionId && <SubscriptionName id={line.subscriptionId} />,
          },
          {
            label: say('invoices.period'),
            value: formats.period(line.correctsPeriod ?? invoice.period.name),
          },
          {
            label: say('invoices.quantity'),
            value: <Quantity value={line.quantity} unit={line.unit} exact />,
          },
          {
            label: say('invoices.unitPrice'),
            value:
              line.unitPrice === undefined ? (
                say('invoices.explain.severalPrices')
              ) : (
                <Money amount={line.unitPrice} currency={currency} exact />
              ),
          },
          {
            label: say('invoices.explain.exact'),
            value: <Money amount={line.exactAmount} currency={currency} exact />,
          },
          {
            label: say('invoices.explain.rounding'),
            value: <Money amount={rounding} currency={currency} exact />,
          },
          {
            label: say('invoices.amount'),
            value: (
              <strong>
                <Money amount={line.amount} currency={currency} />
              </strong>
            ),
          },
        ]}
      />
    </Section>
  );
}
