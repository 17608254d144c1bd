import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useChange, usePages } from '../../../api/hooks.ts';
import type { DeadLetter } from '../../../api/types/adapters.ts';
import {
  Code,
  type Column,
  ConfirmDialog,
  DataTable,
  DateText,
  Notice,
  Quantity,
  Section,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { SubscriptionName } from '../../analysis/subscription-name.tsx';
import { adapterPath } from './paths.ts';

/** Events that were refused for good, each with the answer, and how to send them again. */
export function DeadLetters({
  adapterId,
  canReplay,
}: {
  readonly adapterId: string;
  readonly canReplay: boolean;
}): ReactNode {
  const say = useSay();
  const [isAsking, ask] = useState(false);
  const path = adapterPath(adapterId);
  const list = usePages<DeadLetter>(`${path}/dead-letters`);
  const replay = useChange((api) => api.post(`${path}/dead-letters/replay`, {}), [path]);
  return (
    <Section
      title={say('adapters.deadLetters')}
      {...(canReplay &&
        list.items.length > 0 && {
          actions: <Button onClick={() => ask(true)}>{say('adapters.replay')}</Button>,
        })}
    >
      {replay.isSuccess && (
        <Notice tone="success" isNews>
          {say('adapters.replayed')}
        </Notice>
      )}
      <DataTable
        caption={say('adapters.deadLetters')}
        isCaptionHidden
        columns={useColumns()}
        keyOf={({ eventId }) => eventId}
        list={list}
        empty={say('adapters.deadLetters.none')}
      />
      {isAsking && (
        <ConfirmDialog
          isOpen
          title={say('adapters.replay.title')}
          confirmLabel={say('adapters.replay')}
          onConfirm={() => replay.mutateAsync(undefined)}
          onClose={() => ask(false)}
        >
          {say('adapters.replay.text')}
        </ConfirmDialog>
      )}
    </Section>
  );
}

function useColumns(): readonly Column<DeadLetter>[] {
  const say = useSay();
  return [
    {
      id: 'window',
      title: say('adapters.window'),
      cell: ({ window }) => <DateText value={window} />,
    },
    {
      id: 'subscription',
      title: say('adapters.subscription'),
      cell: ({ subscriptionId }) => <SubscriptionName id={subscriptionId} />,
    },
    { id: 'meter', title: say('adapters.meter'), cell: ({ meterName }) => meterName ?? '-' },
    {
      id: 'quantity',
      title: say('adapters.quantity'),
      align: 'end',
      cell: ({ quantity, unit }) =>
        quantity !== undefined && <Quantity value={quantity} unit={unit} />,
    },
    {
      id: 'answer',
      title: say('adapters.answer'),
      isText: true,
      cell: ({ status, answer }) => (
        <span lang="en">{[status, answer].filter((one) => one !== undefined).join(' ')}</span>
      ),
    },
    { id: 'event', title: say('adapters.event'), cell: ({ eventId }) => <Code>{eventId}</Code> },
    {
      id: 'at',
      title: say('adapters.failedAt'),
      cell: ({ failedAt }) => <DateText value={failedAt} />,
    },
  ];
}
