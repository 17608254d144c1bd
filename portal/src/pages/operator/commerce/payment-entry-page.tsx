import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useChange, usePages } from '../../../api/hooks.ts';
import type { Payment } from '../../../api/types/commerce.ts';
import { may } from '../../../app/area.ts';
import { useSearchState } from '../../../app/address.ts';
import { today } from '../../../app/clock.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  ConfirmDialog,
  DataTable,
  DateText,
  FilterBar,
  Money,
  PageHeader,
  PageLink,
  SelectFilter,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { Fields, TextField } from '../shared/fields.tsx';
import { useNews } from '../shared/news.tsx';
import { RecordPayment } from './record-payment.tsx';

const PATH = '/api/v1/payments';
const REFRESH = [PATH, '/api/v1/invoices', '/api/v1/accounts', '/api/v1/ledger'];

/** Payments of all accounts: entered here, and taken back here. */
export default function PaymentEntryPage(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const { choices } = useAccountChoices();
  const [{ payer }, change] = useSearchState<{ readonly payer?: string | undefined }>();
  const list = usePages<Payment>(PATH, { account: payer });
  const [news, tell] = useNews();
  const [isAdding, setAdding] = useState(false);
  const [reversing, setReversing] = useState<Payment>();
  const mayBook = may(viewer, 'Stackmeter.Billing/payments/write');
  const done = (text: string): void => tell({ tone: 'success', text });
  return (
    <>
      <PageHeader
        title={say('op.payments.nav')}
        description={say('op.payments.text')}
        actions={
          mayBook && (
            <Button appearance="primary" onClick={() => setAdding(true)}>
              {say('op.payment.record')}
            </Button>
          )
        }
      />
      {news}
      <FilterBar>
        <SelectFilter
          label={say('op.account')}
          all={say('common.all')}
          value={payer}
          choices={choices}
          onChange={(id) => change({ payer: id })}
        />
      </FilterBar>
      <PaymentTable list={list} onReverse={mayBook ? setReversing : undefined} />
      {isAdding && (
        <RecordPayment
          path={PATH}
          refresh={REFRESH}
          payer={payer}
          onDone={done}
          onClose={() => setAdding(false)}
        />
      )}
      {reversing !== undefined && (
        <ReverseDialog payment={reversing} onDone={done} onClose={() => setReversing(undefined)} />
      )}
    </>
  );
}

function PaymentTable({
  list,
  onReverse,
}: {
  readonly list: ReturnType<typeof usePages<Payment>>;
  readonly onReverse: ((payment: Payment) => void) | undefined;
}): ReactNode {
  const say = useSay();
  const { nameOf } = useAccountChoices();
  return (
    <DataTable
      caption={say('op.payments.nav')}
      isCaptionHidden
      list={list}
      keyOf={({ paymentId }) => paymentId}
      empty={say('op.payments.empty')}
      columns={[
        { id: 'reference', title: say('op.payment.reference'), cell: (one) => one.reference },
        { id: 'account', title: say('op.account'), cell: (one) => nameOf(one.accountId) },
        {
          id: 'day',
          title: say('op.payment.receivedOn'),
          cell: (one) => <DateText value={one.receivedOn} />,
        },
        {
          id: 'amount',
          title: say('op.amount'),
          align: 'end',
          cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
        },
        {
          id: 'for',
          title: say('op.payment.for'),
          cell: ({ allocations = [], currency }) =>
            allocations.map(({ number = '', amount = '0' }) => (
              <div key={number}>
                <PageLink to="/invoices/$number" params={{ number }}>
                  {number}
                </PageLink>{' '}
                <Money amount={amount} currency={currency} />
              </div>
            )),
        },
        {
          id: 'actions',
          title: say('common.actions'),
          cell: (payment) =>
            onReverse !== undefined &&
            !payment.amount.startsWith('-') && (
              <Button
                size="small"
                aria-label={say('op.payment.reverse.of', { reference: payment.reference })}
                onClick={() => onReverse(payment)}
              >
                {say('op.payment.reverse')}
              </Button>
            ),
        },
      ]}
    />
  );
}

function ReverseDialog({
  payment,
  onDone,
  onClose,
}: {
  readonly payment: Payment;
  readonly onDone: (text: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { nameOf } = useAccountChoices();
  const [receivedOn, setReceivedOn] = useState(() => today());
  const [reference, setReference] = useState('');
  const reverse = useChange(
    (api) =>
      api.post(PATH, {
        reverses: payment.paymentId,
        receivedOn,
        ...(reference !== '' && { reference }),
      }),
    REFRESH,
  );
  const values = {
    amount: formats.money(payment.amount, payment.currency),
    account: nameOf(payment.accountId),
    reference: payment.reference,
  };
  return (
    <ConfirmDialog
      isOpen
      title={say('op.payment.reverse.of', values)}
      confirmLabel={say('op.payment.reverse')}
      canConfirm={receivedOn !== ''}
      onConfirm={async () => {
        await reverse.mutateAsync(undefined);
        onDone(say('op.payment.reversed', values));
      }}
      onClose={onClose}
    >
      {say('op.payment.reverse.text', values)}
      <Fields>
        <TextField
          label={say('op.payment.reversedOn')}
          type="date"
          value={receivedOn}
          onChange={setReceivedOn}
          isRequired
        />
        <TextField
          label={say('op.payment.reverse.reference')}
          value={reference}
          onChange={setReference}
          longest={100}
        />
      </Fields>
    </ConfirmDialog>
  );
}
