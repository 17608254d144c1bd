import { useState, type ReactNode } from 'react';
import { useAnswer, useChange } from '../../../api/hooks.ts';
import type { AccountDetail, Payment } from '../../../api/types/commerce.ts';
import { today } from '../../../app/clock.ts';
import { ConfirmDialog } from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { Fields, SelectField, TextField } from '../shared/fields.tsx';

const AMOUNT = /^(?=.*[1-9])\d+(\.\d+)?$/;

interface Draft {
  readonly accountId: string;
  readonly amount: string;
  readonly receivedOn: string;
  readonly reference: string;
  /** of the invoice that it is for, if it says one */
  readonly number: string;
}

/** Enters a payment. Without a number of an invoice it goes to what is due first. */
export function RecordPayment({
  path,
  refresh,
  payer,
  onDone,
  onClose,
}: {
  readonly path: string;
  readonly refresh: readonly string[];
  readonly payer: string | undefined;
  readonly onDone: (text: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { nameOf } = useAccountChoices();
  const [draft, setDraft] = useState<Draft>(() => ({
    accountId: payer ?? '',
    amount: '',
    receivedOn: today(),
    reference: '',
    number: '',
  }));
  const { accountId, amount, receivedOn, reference, number } = draft;
  const account = useAnswer<AccountDetail>(`/api/v1/accounts/${accountId}`, undefined, {
    enabled: accountId !== '',
  });
  const currency = account.data?.currency ?? '';
  const record = useChange<undefined, Payment>(
    (api) =>
      api.post(path, {
        accountId,
        amount,
        currency,
        receivedOn,
        reference,
        ...(number !== '' && { allocations: [{ number }] }),
      }),
    refresh,
  );
  const isComplete =
    accountId !== '' &&
    currency !== '' &&
    AMOUNT.test(amount) &&
    receivedOn !== '' &&
    reference.trim() !== '';
  return (
    <ConfirmDialog
      isOpen
      title={say('op.payment.record')}
      confirmLabel={say('op.payment.record')}
      canConfirm={isComplete}
      onConfirm={async () => {
        await record.mutateAsync(undefined);
        const values = { amount: formats.money(amount, currency), account: nameOf(accountId) };
        onDone(say('op.payment.recorded', values));
      }}
      onClose={onClose}
    >
      {say('op.payment.record.text')}
      <PaymentFields
        draft={draft}
        currency={currency}
        set={(part) => setDraft((before) => ({ ...before, ...part }))}
      />
    </ConfirmDialog>
  );
}

function PaymentFields({
  draft,
  currency,
  set,
}: {
  readonly draft: Draft;
  readonly currency: string;
  readonly set: (part: Partial<Draft>) => void;
}): ReactNode {
  const say = useSay();
  const { choices } = useAccountChoices();
  return (
    <Fields>
      <SelectField
        label={say('op.account')}
        value={draft.accountId}
        onChange={(accountId) => set({ accountId })}
        choices={[{ value: '', label: say('op.choose') }, ...choices]}
        isRequired
      />
      <TextField
        label={currency === '' ? say('op.amount') : say('op.amountIn', { currency })}
        hint={say('op.decimalHint')}
        value={draft.amount}
        onChange={(amount) => set({ amount })}
        isRequired
      />
      <TextField
        label={say('op.payment.receivedOn')}
        type="date"
        value={draft.receivedOn}
        onChange={(receivedOn) => set({ receivedOn })}
        isRequired
      />
      <TextField
        label={say('op.payment.reference')}
        hint={say('op.payment.referenceHint')}
        value={draft.reference}
        onChange={(reference) => set({ reference })}
        longest={100}
        isRequired
      />
      <TextField
        label={say('op.payment.invoice')}
        hint={say('op.payment.invoiceHint')}
        value={draft.number}
        onChange={(number) => set({ number })}
        longest={100}
      />
    </Fields>
  );
}
