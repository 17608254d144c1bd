import type { ReactNode } from 'react';
import type { Invoice } from '../../api/types/invoices.ts';
import { today } from '../../app/clock.ts';
import { StateBadge } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';

/** Whether an invoice is still to be paid; nothing where that is not known. */
export function InvoiceStateBadge({
  invoice: { kind, dueDate },
  isOpen,
}: {
  readonly invoice: Pick<Invoice, 'kind' | 'dueDate'>;
  readonly isOpen: boolean | undefined;
}): ReactNode {
  const say = useSay();
  if (kind === 'credit-note') {
    return <StateBadge tone="neutral">{say('invoices.state.credited')}</StateBadge>;
  }
  if (isOpen === undefined) return null;
  if (!isOpen) return <StateBadge tone="good">{say('invoices.state.settled')}</StateBadge>;
  return dueDate < today() ? (
    <StateBadge tone="bad">{say('invoices.state.overdue')}</StateBadge>
  ) : (
    <StateBadge tone="info">{say('invoices.state.open')}</StateBadge>
  );
}
