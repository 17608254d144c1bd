import type { ReactNode } from 'react';
import { usePages } from '../../../api/hooks.ts';
import type { AdapterDelivery } from '../../../api/types/adapters.ts';
import {
  type Column,
  DataTable,
  DateText,
  Section,
  StateBadge,
  type Tone,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { adapterPath } from './paths.ts';

const tones: Readonly<Record<AdapterDelivery['state'], Tone>> = {
  Sending: 'info',
  Delivered: 'good',
  Incomplete: 'warning',
};

function DeliveryState({ delivery: { state } }: { readonly delivery: AdapterDelivery }): ReactNode {
  const say = useSay();
  return <StateBadge tone={tones[state]}>{say(`adapters.delivery.${state}`)}</StateBadge>;
}

/** What went out, window by window. */
export function Deliveries({ adapterId }: { readonly adapterId: string }): ReactNode {
  const say = useSay();
  const format = useFormats();
  const list = usePages<AdapterDelivery>(`${adapterPath(adapterId)}/deliveries`);
  const count = (value: number | undefined): ReactNode =>
    value !== undefined && format.count(value);
  const columns: readonly Column<AdapterDelivery>[] = [
    {
      id: 'window',
      title: say('adapters.window'),
      cell: ({ window }) => <DateText value={window} />,
    },
    { id: 'state', title: say('adapters.state'), cell: (one) => <DeliveryState delivery={one} /> },
    {
      id: 'events',
      title: say('adapters.events'),
      align: 'end',
      cell: ({ events }) => count(events),
    },
    { id: 'held', title: say('adapters.held'), align: 'end', cell: ({ held }) => count(held) },
    {
      id: 'dead',
      title: say('adapters.deadLetters'),
      align: 'end',
      cell: ({ deadLetters }) => count(deadLetters),
    },
    {
      id: 'at',
      title: say('adapters.deliveredAt'),
      cell: ({ deliveredAt }) => <DateText value={deliveredAt} />,
    },
  ];
  return (
    <Section title={say('adapters.deliveries')}>
      <DataTable
        caption={say('adapters.deliveries')}
        isCaptionHidden
        columns={columns}
        keyOf={({ deliveryId }) => deliveryId}
        list={list}
        empty={say('adapters.deliveries.none')}
      />
    </Section>
  );
}
