import type { ReactNode } from 'react';
import type { ExplainedResource, Explanation } from '../../api/types/explanation.ts';
import { useSearchState } from '../../app/address.ts';
import { Code, DataTable, Money, PageLink, Quantity, Section } from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import type { ExplanationSearch } from './search.ts';

const HERE = '/invoices/$number/lines/$line';

/** What was used of the charge, by resource; of one resource by day. */
export function ExplainedResources({
  resources: { value, next },
  data,
}: {
  readonly resources: NonNullable<Explanation['resources']>;
  readonly data: Explanation;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const [{ resource, after }] = useSearchState<ExplanationSearch>();
  const { line, invoice } = data;
  const params = { number: invoice.number, line: String(line.line) };
  return (
    <Section title={say('invoices.explain.resources')}>
      {resource !== undefined && (
        <p>
          <PageLink to={HERE} params={params}>
            {say('invoices.explain.allResources')}
          </PageLink>
        </p>
      )}
      <DataTable
        caption={say('invoices.explain.resources')}
        isCaptionHidden
        items={value}
        keyOf={({ resourceKey }) => resourceKey}
        empty={say('invoices.explain.noResources')}
        columns={[
          {
            id: 'resource',
            title: say('invoices.explain.resource'),
            cell: (one) => <Resource one={one} params={params} />,
          },
          {
            id: 'location',
            title: say('invoices.explain.location'),
            cell: ({ location }) => location,
          },
          {
            id: 'days',
            title: say('invoices.explain.days'),
            align: 'end',
            cell: ({ days }) => formats.count(days.length),
          },
          {
            id: 'quantity',
            title: say('invoices.quantity'),
            align: 'end',
            cell: ({ quantity }) => <Quantity value={quantity} unit={line.unit} />,
          },
          {
            id: 'amount',
            title: say('invoices.amount'),
            align: 'end',
            cell: ({ amount }) =>
              amount === null ? '-' : <Money amount={amount} currency={invoice.currency} exact />,
          },
        ]}
      />
      <p>
        {after !== undefined && (
          <PageLink to={HERE} params={params}>
            {say('invoices.explain.firstResources')}
          </PageLink>
        )}{' '}
        {next !== undefined && (
          <PageLink to={HERE} params={params} search={{ after: next }}>
            {say('invoices.explain.nextResources')}
          </PageLink>
        )}
      </p>
      {resource !== undefined && value[0] !== undefined && (
        <Days one={value[0]} unit={line.unit} params={params} />
      )}
    </Section>
  );
}

interface OfLine {
  readonly one: ExplainedResource;
  readonly params: Readonly<Record<string, string>>;
}

function Resource({ one: { resourceUri, resourceKey }, params }: OfLine): ReactNode {
  const parts = resourceUri.split('/');
  return (
    <>
      <PageLink to={HERE} params={params} search={{ resource: resourceKey }}>
        {parts.at(-1) ?? resourceUri}
      </PageLink>
      <br />
      <small>
        <Code>{resourceUri}</Code>
      </small>
    </>
  );
}

function Days({ one, unit, params }: OfLine & { readonly unit: string | undefined }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { resourceKey, days } = one;
  return (
    <DataTable
      caption={say('invoices.explain.byDay')}
      items={days}
      keyOf={({ day }) => day}
      columns={[
        {
          id: 'day',
          title: say('invoices.explain.day'),
          cell: ({ day }) => (
            <PageLink to={HERE} params={params} search={{ resource: resourceKey, day }}>
              {formats.time(day)}
            </PageLink>
          ),
        },
        {
          id: 'quantity',
          title: say('invoices.quantity'),
          align: 'end',
          cell: ({ quantity }) => <Quantity value={quantity} unit={unit} exact />,
        },
      ]}
    />
  );
}
