import { Button, Field, Textarea } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useChange } from '../../api/hooks.ts';
import type { Invoice } from '../../api/types/invoices.ts';
import { may } from '../../app/area.ts';
import { useViewer } from '../../app/viewer.tsx';
import { ConfirmDialog, Notice, PageLink } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';

/** Takes an invoice back, for its seller. */
export function VoidButton({ invoice }: { readonly invoice: Invoice }): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { number } = invoice;
  const { mutateAsync, data: note } = useChange<string, Invoice>(
    (api, why) => api.post(`/api/v1/invoices/${encodeURIComponent(number)}/void`, { reason: why }),
    ['/api/v1/invoices', '/api/v1/accounts', '/api/v1/payments'],
  );
  if (note !== undefined) {
    return (
      <Notice tone="success" isNews>
        {say('invoices.void.done')}{' '}
        <PageLink to="/invoices/$number" params={{ number: note.number }}>
          {note.number}
        </PageLink>
      </Notice>
    );
  }
  const mayVoid = may(viewer, 'Stackmeter.Billing/invoices/write');
  if (!mayVoid || invoice.kind === 'credit-note') return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{say('invoices.void')}</Button>
      <ConfirmDialog
        isOpen={isOpen}
        title={say('invoices.void.title', { number })}
        confirmLabel={say('invoices.void')}
        canConfirm={reason.trim() !== ''}
        onConfirm={() => mutateAsync(reason.trim())}
        onClose={() => setOpen(false)}
      >
        <p>{say('invoices.void.text')}</p>
        <Field label={say('common.reason')} required>
          <Textarea value={reason} maxLength={1000} onChange={(_, data) => setReason(data.value)} />
        </Field>
      </ConfirmDialog>
    </>
  );
}
