import { makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { MappingPreview } from '../../../api/types/commerce.ts';
import { DataTable, Notice, Quantity, Section } from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { registrationParts } from './registration-path.ts';

const useStyles = makeStyles({ name: { overflowWrap: 'anywhere' } });

/** What a mapping would change: by registration, from whom to whom, and which usage of the last days that is. */
export function MappingPreviewTables({
  preview,
  nameOf,
}: {
  readonly preview: MappingPreview;
  readonly nameOf: (subscriptionId: string) => string;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const styles = useStyles();
  const { registrations, reportedFrom, reportedTo, hiddenRegistrations } = preview;
  const changed = registrations.filter(({ changes }) => changes).length;
  const range = { from: formats.time(reportedFrom), to: formats.time(reportedTo) };
  return (
    <Section title={say('op.mapping.preview')}>
      <Notice tone={changed > 0 ? 'warning' : 'info'}>
        {say('op.mapping.changes', { count: changed })}
        {hiddenRegistrations > 0 && ` ${say('op.mapping.hidden', { count: hiddenRegistrations })}`}
      </Notice>
      {registrations.map((one) => {
        const values = {
          name: registrationParts(one.id).name,
          before: nameOf(one.presentSubscriptionId),
          after: nameOf(one.futureSubscriptionId),
        };
        return (
          <div key={one.id}>
            <h3 className={styles.name}>
              {say(one.changes ? 'op.mapping.moves' : 'op.mapping.stays', values)}
            </h3>
            <DataTable
              caption={say('op.mapping.usage', range)}
              items={one.usage}
              keyOf={({ subscriptionId, meterId }) => `${subscriptionId} ${meterId}`}
              empty={say('op.mapping.noUsage', range)}
              columns={[
                { id: 'meter', title: say('op.meter'), cell: ({ meterName }) => meterName },
                {
                  id: 'subscription',
                  title: say('op.subscription'),
                  cell: ({ subscriptionId }) => nameOf(subscriptionId),
                },
                {
                  id: 'rows',
                  title: say('op.rows'),
                  align: 'end',
                  cell: ({ rows }) => formats.count(rows),
                },
                {
                  id: 'quantity',
                  title: say('op.quantity'),
                  align: 'end',
                  cell: ({ quantity, unit }) => <Quantity value={String(quantity)} unit={unit} />,
                },
              ]}
            />
          </div>
        );
      })}
    </Section>
  );
}
