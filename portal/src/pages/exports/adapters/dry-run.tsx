import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { asApiError, useChange } from '../../../api/hooks.ts';
import type { DryRun, UnfitEvent } from '../../../api/types/adapters.ts';
import {
  type Column,
  DataTable,
  ErrorNotice,
  Notice,
  Quantity,
  Section,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { SubscriptionName } from '../../analysis/subscription-name.tsx';
import { adapterPath } from './paths.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexWrap: 'wrap', gap: '12px', alignItems: 'flex-end' },
  answer: { display: 'block', margin: '12px 0' },
  events: {
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    padding: '12px',
    backgroundColor: tokens.colorNeutralBackground2,
    borderRadius: tokens.borderRadiusMedium,
  },
});

const SHOWN = 5;

/** What would be sent for a window. */
export function DryRunSection({ adapterId }: { readonly adapterId: string }): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const [hour, setHour] = useState('');
  const ask = useChange<string, DryRun>((api, window) =>
    api.post(`${adapterPath(adapterId)}/dry-run`, { window }),
  );
  const { data } = ask;
  const first = data?.events.slice(0, SHOWN) ?? [];
  return (
    <Section title={say('adapters.dryRun')}>
      <p>{say('adapters.dryRun.text')}</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          // The field has no seconds and no zone; windows begin at the hour, in UTC.
          if (hour !== '') ask.mutate(`${hour.slice(0, 13)}:00:00Z`);
        }}
      >
        <Field label={say('adapters.dryRun.window')}>
          <Input
            type="datetime-local"
            step={3600}
            value={hour}
            onChange={(_, { value }) => setHour(value)}
          />
        </Field>
        <Button type="submit" disabledFocusable={ask.isPending || hour === ''}>
          {say('adapters.dryRun.show')}
        </Button>
      </form>
      <ErrorNotice error={asApiError(ask.error)} />
      <output className={styles.answer}>
        {data !== undefined && (
          <>
            {say('adapters.dryRun.events', { count: data.events.length })}{' '}
            {say('adapters.dryRun.held', { count: data.held.length })}{' '}
            {data.more && say('adapters.dryRun.more')}{' '}
            {first.length > 0 && say('adapters.dryRun.first', { count: first.length })}
          </>
        )}
      </output>
      {first.length > 0 && (
        <pre className={styles.events}>
          {first.map((event) => JSON.stringify(event, undefined, 2)).join('\n')}
        </pre>
      )}
      {data !== undefined && data.unfit.length > 0 && <Unfit events={data.unfit} />}
    </Section>
  );
}

/** What the other side would not take: nobody bills it there until somebody has mended the reason. */
function Unfit({ events }: { readonly events: readonly UnfitEvent[] }): ReactNode {
  const say = useSay();
  const title = say('adapters.dryRun.unfit', { count: events.length });
  const columns: readonly Column<UnfitEvent>[] = [
    {
      id: 'subscription',
      title: say('adapters.subscription'),
      cell: ({ subscriptionId }) => <SubscriptionName id={subscriptionId} />,
    },
    { id: 'meter', title: say('adapters.meter'), cell: ({ meterName }) => meterName },
    {
      id: 'quantity',
      title: say('adapters.quantity'),
      align: 'end',
      cell: ({ quantity, unit }) => <Quantity value={quantity} unit={unit} />,
    },
    {
      id: 'reason',
      title: say('adapters.dryRun.reason'),
      isText: true,
      cell: ({ reason }) => <span lang="en">{reason}</span>,
    },
  ];
  return (
    <>
      <Notice tone="warning" title={title} isNews>
        {say('adapters.dryRun.unfit.text')}
      </Notice>
      <DataTable
        caption={title}
        isCaptionHidden
        columns={columns}
        keyOf={({ eventId }) => eventId}
        items={events}
      />
    </>
  );
}
