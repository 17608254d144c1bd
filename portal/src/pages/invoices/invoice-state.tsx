import type { ReactNode } from 'react';
import type { Invoice } from '../../api/types/invoices.ts';
import { today } from '../../app/clock.ts';
import { StateBadge } from '../../components/index.ts';
import { isZero } from '../analysis/exact.ts';
import { useSay } from '../../i18n/language.tsx';

/** Whether an invoice is still to be paid, and whether that is late. */
export function InvoiceStateBadge({
  invoice: { kind, dueDate, open },
}: {
  readonly invoice: Pick<Invoice, 'kind' | 'dueDate' | 'open'>;
}): ReactNode {
  const say = useSay();
  if (kind === 'credit-note') {
    return <StateBadge tone="neutral">{say('invoices.state.credited')}</StateBadge>;
  }
  if (isZero(open)) return <StateBadge tone="good">{say('invoices.state.settled')}</StateBadge>;
  return dueDate < today() ? (
    <StateBadge tone="bad">{say('invoices.state.overdue')}</StateBadge>
  ) : (
    <StateBadge tone="info">{say('invoices.state.open')}</StateBadge>
  );
}
