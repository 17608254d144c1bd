import { Button, Checkbox } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useChange, usePages } from '../../../api/hooks.ts';
import type { ExchangeRate } from '../../../api/types/commerce.ts';
import { may } from '../../../app/area.ts';
import { today } from '../../../app/clock.ts';
import { useViewer } from '../../../app/viewer.tsx';
import { ConfirmDialog, DataTable, DateText, PageHeader } from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Fields, TextField } from '../shared/fields.tsx';
import { useNews } from '../shared/news.tsx';

const PATH = '/api/v1/exchange-rates';
const CURRENCY = /^[A-Z]{3}$/;
const POSITIVE = /^(?=.*[1-9])\d+(\.\d+)?$/;

/** The rates of exchange, each from a day on. */
export default function ExchangeRatesPage(): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const viewer = useViewer();
  const list = usePages<ExchangeRate>(PATH);
  const [news, tell] = useNews();
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <PageHeader
        title={say('op.exchangeRates.nav')}
        description={say('op.exchangeRates.text')}
        actions={
          may(viewer, 'Stackmeter.Billing/prices/write') && (
            <Button appearance="primary" onClick={() => setAdding(true)}>
              {say('op.exchangeRates.add')}
            </Button>
          )
        }
      />
      {news}
      <DataTable
        caption={say('op.exchangeRates.nav')}
        isCaptionHidden
        list={list}
        keyOf={({ from, to, day, version }) => `${from} ${to} ${day} ${version}`}
        empty={say('op.exchangeRates.empty')}
        columns={[
          {
            id: 'pair',
            title: say('op.exchangeRates.pair'),
            cell: ({ from, to }) => say('op.exchangeRates.one', { from, to }),
          },
          {
            id: 'rate',
            title: say('op.exchangeRates.rate'),
            align: 'end',
            cell: ({ rate }) => formats.exact(rate),
          },
          { id: 'day', title: say('op.from'), cell: ({ day }) => <DateText value={day} /> },
          { id: 'source', title: say('op.exchangeRates.source'), cell: ({ source }) => source },
          {
            id: 'version',
            title: say('op.version'),
            align: 'end',
            cell: ({ version }) => formats.count(version),
          },
          {
            id: 'created',
            title: say('op.created'),
            cell: ({ createdAt }) => <DateText value={createdAt} />,
          },
        ]}
      />
      {isAdding && (
        <AddDialog
          onAdded={(text) => tell({ tone: 'success', text })}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  );
}

function AddDialog({
  onAdded,
  onClose,
}: {
  readonly onAdded: (text: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useSay();
  const [from, setFrom] = useState('USD');
  const [to, setTo] = useState('EUR');
  const [day, setDay] = useState(() => today());
  const [rate, setRate] = useState('');
  const [source, setSource] = useState('');
  const [correctPast, setCorrectPast] = useState(false);
  const add = useChange(
    (api) => api.put(PATH, { from, to, day, rate, source, ...(correctPast && { correctPast }) }),
    [PATH],
  );
  const isComplete =
    CURRENCY.test(from) && CURRENCY.test(to) && day !== '' && POSITIVE.test(rate) && source !== '';
  return (
    <ConfirmDialog
      isOpen
      title={say('op.exchangeRates.add')}
      confirmLabel={say('op.exchangeRates.add')}
      canConfirm={isComplete}
      onConfirm={async () => {
        await add.mutateAsync(undefined);
        onAdded(say('op.exchangeRates.added', { from, to, rate, day }));
      }}
      onClose={onClose}
    >
      {say('op.exchangeRates.add.text')}
      <Fields>
        <TextField
          label={say('op.exchangeRates.from')}
          value={from}
          onChange={(text) => setFrom(text.toUpperCase())}
          longest={3}
          isRequired
        />
        <TextField
          label={say('op.exchangeRates.to')}
          value={to}
          onChange={(text) => setTo(text.toUpperCase())}
          longest={3}
          isRequired
        />
        <TextField
          label={say('op.exchangeRates.rate')}
          hint={say('op.decimalHint')}
          value={rate}
          onChange={setRate}
          isRequired
        />
        <TextField
          label={say('op.exchangeRates.day')}
          type="date"
          value={day}
          onChange={setDay}
          isRequired
        />
        <TextField
          label={say('op.exchangeRates.source')}
          value={source}
          onChange={setSource}
          longest={200}
          isRequired
        />
        <Checkbox
          label={say('op.correctPast')}
          checked={correctPast}
          onChange={(_, { checked }) => setCorrectPast(checked === true)}
        />
      </Fields>
    </ConfirmDialog>
  );
}
