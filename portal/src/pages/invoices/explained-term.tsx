import type { ReactNode } from 'react';
import type { ExplainedTerm as Term } from '../../api/types/explanation.ts';
import { DateText, Facts, Money, Section } from '../../components/index.ts';
import { useFormats, useHasText, useSay } from '../../i18n/language.tsx';

/** What was agreed with the account, and what it was computed from. */
export function ExplainedTerm({
  term,
  currency,
}: {
  readonly term: Term;
  readonly currency: string;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const hasText = useHasText();
  const { definition, hours, base, used, computed } = term;
  const money = (amount: unknown): ReactNode =>
    typeof amount === 'string' ? <Money amount={amount} currency={currency} exact /> : undefined;
  const word = (name: string): string | undefined => {
    const value = definition[name];
    if (typeof value !== 'string') return undefined;
    const id = `invoices.term.${value}`;
    return hasText(id) ? say(id) : value;
  };
  const percent = definition['percent'];
  return (
    <Section title={say('invoices.explain.term')}>
      <Facts
        items={[
          { label: say('invoices.term.name'), value: term.name },
          { label: say('invoices.kind'), value: word('kind') },
          { label: say('invoices.term.agreed'), value: money(definition['amount']) },
          {
            label: say('invoices.term.percent'),
            value: typeof percent === 'string' ? formats.percent(percent, 4) : undefined,
          },
          { label: say('invoices.term.per'), value: word('per') },
          { label: say('invoices.term.recurrence'), value: word('recurrence') },
          { label: say('invoices.term.from'), value: <DateText value={term.effectiveFrom} /> },
          {
            label: say('invoices.term.to'),
            value: term.effectiveTo !== undefined && <DateText value={term.effectiveTo} />,
          },
          {
            label: say('invoices.term.hours'),
            value: say('invoices.term.hoursOf', {
              inForce: formats.count(hours.inForce),
              of: formats.count(hours.of),
            }),
          },
          { label: say('invoices.term.base'), value: money(base) },
          { label: say('invoices.term.used'), value: money(used) },
          { label: say('invoices.term.computed'), value: money(computed) },
        ].filter(({ value }) => value !== false)}
      />
    </Section>
  );
}
