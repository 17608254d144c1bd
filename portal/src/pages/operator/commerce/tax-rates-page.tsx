import { Button, Checkbox } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useChange, usePages } from '../../../api/hooks.ts';
import type { TaxRate } from '../../../api/types/commerce.ts';
import { may } from '../../../app/area.ts';
import { today } from '../../../app/clock.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  ConfirmDialog,
  DataTable,
  DateText,
  PageHeader,
  Percent,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { Fields, SelectField, TextField } from '../shared/fields.tsx';
import { useNews } from '../shared/news.tsx';

const PATH = '/api/v1/tax-rates';
const CATEGORIES = ['S', 'Z', 'E', 'AE', 'G', 'O'] as const;
const COUNTRY = /^(\*|[A-Z]{2})$/;
const DECIMAL = /^\d+(\.\d+)?$/;
const DIGITS = 6;

interface TaxDraft {
  readonly sellerCountry: string;
  readonly buyerCountry: string;
  readonly businessOnly: boolean;
  readonly category: string;
  readonly percent: string;
  readonly reason: string;
  readonly from: string;
}

const EMPTY: TaxDraft = {
  sellerCountry: '',
  buyerCountry: '',
  businessOnly: false,
  category: 'S',
  percent: '',
  reason: '',
  from: '',
};

/** The table of taxes: what a sale from one country to another is taxed with, from a day on. */
export default function TaxRatesPage(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const list = usePages<TaxRate>(PATH);
  const [news, tell] = useNews();
  const [isAdding, setAdding] = useState(false);
  const country = (code: string): string => (code === '*' ? say('op.tax.anyCountry') : code);
  return (
    <>
      <PageHeader
        title={say('op.taxRates.nav')}
        description={say('op.taxRates.text')}
        actions={
          may(viewer, 'Stackmeter.Billing/prices/write') && (
            <Button appearance="primary" onClick={() => setAdding(true)}>
              {say('op.taxRates.add')}
            </Button>
          )
        }
      />
      {news}
      <DataTable
        caption={say('op.taxRates.nav')}
        isCaptionHidden
        list={list}
        keyOf={({ taxRate }) => String(taxRate)}
        empty={say('op.taxRates.empty')}
        columns={[
          {
            id: 'seller',
            title: say('op.tax.seller'),
            cell: ({ sellerCountry }) => country(sellerCountry),
          },
          {
            id: 'buyer',
            title: say('op.tax.buyer'),
            cell: ({ buyerCountry }) => country(buyerCountry),
          },
          {
            id: 'business',
            title: say('op.tax.business'),
            cell: ({ businessOnly }) => say(businessOnly ? 'op.tax.businessOnly' : 'common.all'),
          },
          {
            id: 'category',
            title: say('op.tax.category'),
            cell: ({ category }) => say(`op.tax.category.${category}`),
          },
          {
            id: 'percent',
            title: say('op.tax.percent'),
            align: 'end',
            cell: ({ percent }) => <Percent value={percent} digits={DIGITS} />,
          },
          { id: 'reason', title: say('op.tax.reason'), cell: ({ reason }) => reason ?? '-' },
          { id: 'from', title: say('op.from'), cell: ({ from }) => <DateText value={from} /> },
        ]}
      />
      {isAdding && (
        <AddDialog
          onAdded={() => tell({ tone: 'success', text: say('op.taxRates.added') })}
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
  readonly onAdded: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useSay();
  const [draft, setDraft] = useState<TaxDraft>(() => ({ ...EMPTY, from: today() }));
  const set = (part: Partial<TaxDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const { sellerCountry, buyerCountry, percent, reason, from } = draft;
  const add = useChange(
    (api) => api.post(PATH, reason === '' ? { ...draft, reason: undefined } : draft),
    [PATH],
  );
  const isComplete =
    COUNTRY.test(sellerCountry) && COUNTRY.test(buyerCountry) && DECIMAL.test(percent);
  return (
    <ConfirmDialog
      isOpen
      title={say('op.taxRates.add')}
      confirmLabel={say('op.taxRates.add')}
      canConfirm={isComplete && from !== ''}
      onConfirm={async () => {
        await add.mutateAsync(undefined);
        onAdded();
      }}
      onClose={onClose}
    >
      {say('op.taxRates.add.text')}
      <TaxFields draft={draft} set={set} />
    </ConfirmDialog>
  );
}

function TaxFields({
  draft,
  set,
}: {
  readonly draft: TaxDraft;
  readonly set: (part: Partial<TaxDraft>) => void;
}): ReactNode {
  const say = useSay();
  return (
    <Fields>
      <TextField
        label={say('op.tax.seller')}
        hint={say('op.tax.countryHint')}
        value={draft.sellerCountry}
        onChange={(text) => set({ sellerCountry: text.toUpperCase() })}
        longest={2}
        isRequired
      />
      <TextField
        label={say('op.tax.buyer')}
        hint={say('op.tax.countryHint')}
        value={draft.buyerCountry}
        onChange={(text) => set({ buyerCountry: text.toUpperCase() })}
        longest={2}
        isRequired
      />
      <SelectField
        label={say('op.tax.category')}
        value={draft.category}
        onChange={(category) => set({ category })}
        choices={CATEGORIES.map((value) => ({ value, label: say(`op.tax.category.${value}`) }))}
      />
      <TextField
        label={say('op.tax.percent')}
        hint={say('op.decimalHint')}
        value={draft.percent}
        onChange={(percent) => set({ percent })}
        isRequired
      />
      <TextField
        label={say('op.tax.reason')}
        value={draft.reason}
        onChange={(reason) => set({ reason })}
        longest={200}
      />
      <TextField
        label={say('op.from')}
        type="date"
        value={draft.from}
        onChange={(from) => set({ from })}
        isRequired
      />
      <Checkbox
        label={say('op.tax.businessOnly')}
        checked={draft.businessOnly}
        onChange={(_, { checked }) => set({ businessOnly: checked === true })}
      />
    </Fields>
  );
}
