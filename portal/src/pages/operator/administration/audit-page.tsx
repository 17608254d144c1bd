import { Button, makeStyles } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Pages } from '../../../api/hooks.ts';
import type { AuditEvent } from '../../../api/types/administration.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  Code,
  DataTable,
  DateText,
  Facts,
  FilterBar,
  PageHeader,
  Section,
  SelectFilter,
  TextFilter,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { useNextPages } from '../shared/next-pages.ts';
import { SourceText } from '../shared/source-text.tsx';

const useStyles = makeStyles({
  // As the cells beside it, which have room of their own.
  inCell: { minWidth: 0, padding: 0, justifyContent: 'start', textAlign: 'start' },
});

interface Filters {
  readonly target?: string | undefined;
  readonly order?: string | undefined;
}

/** Who changed what and when. */
export default function AuditPage(): ReactNode {
  const say = useSay();
  const [{ target, order }, change] = useSearchState<Filters>();
  const shownOrder = order === 'oldest' ? 'oldest' : 'newest';
  const list = useNextPages<AuditEvent>('/api/v1/audit', { target, order: shownOrder, limit: 100 });
  const [shown, setShown] = useState<AuditEvent>();
  return (
    <>
      <PageHeader title={say('op.audit.nav')} description={say('op.audit.text')} />
      <FilterBar onReset={target === undefined ? undefined : () => change({ target: undefined })}>
        <TextFilter
          label={say('op.audit.target')}
          value={target}
          placeholder="/subscriptions/ID"
          onChange={(text) => change({ target: text })}
        />
        <SelectFilter
          label={say('op.audit.order')}
          value={shownOrder}
          choices={[
            { value: 'newest', label: say('op.audit.newest') },
            { value: 'oldest', label: say('op.audit.oldest') },
          ]}
          onChange={(chosen) => change({ order: chosen === 'oldest' ? chosen : undefined })}
        />
      </FilterBar>
      {shown !== undefined && <Detail event={shown} onClose={() => setShown(undefined)} />}
      <AuditTable
        list={list}
        isFiltered={target !== undefined}
        onShow={setShown}
        onFilter={(wanted) => change({ target: wanted })}
      />
    </>
  );
}

function AuditTable({
  list,
  isFiltered,
  onShow,
  onFilter,
}: {
  readonly list: Pages<AuditEvent>;
  readonly isFiltered: boolean;
  readonly onShow: (event: AuditEvent) => void;
  readonly onFilter: (target: string) => void;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  return (
    <DataTable
      caption={say('op.audit.nav')}
      isCaptionHidden
      list={list}
      keyOf={({ number }) => number}
      empty={say(isFiltered ? 'op.audit.noTarget' : 'common.empty')}
      columns={[
        {
          id: 'number',
          title: say('op.number'),
          cell: (event) => (
            <Button
              size="small"
              appearance="transparent"
              className={styles.inCell}
              aria-label={say('op.audit.showOf', { number: event.number })}
              onClick={() => onShow(event)}
            >
              {event.number}
            </Button>
          ),
        },
        {
          id: 'at',
          title: say('op.at'),
          cell: ({ at }) => <DateText value={at} precision="second" />,
        },
        {
          id: 'actor',
          title: say('op.audit.actor'),
          cell: ({ actor }) =>
            actor.kind === 'principal'
              ? actor.name
              : say('op.audit.by', { name: actor.name, kind: say(`op.actor.${actor.kind}`) }),
        },
        {
          id: 'action',
          title: say('op.audit.action'),
          cell: ({ action }) => <Code>{action}</Code>,
        },
        {
          id: 'target',
          title: say('op.audit.target'),
          cell: (event) => (
            <Button
              size="small"
              appearance="transparent"
              className={styles.inCell}
              aria-label={say('op.audit.filterOf', { target: event.target })}
              onClick={() => onFilter(event.target)}
            >
              <Code>{event.target}</Code>
            </Button>
          ),
        },
      ]}
    />
  );
}

function Detail({
  event,
  onClose,
}: {
  readonly event: AuditEvent;
  readonly onClose: () => void;
}): ReactNode {
  const say = useSay();
  return (
    <Section
      title={say('op.audit.title', { number: event.number })}
      actions={<Button onClick={onClose}>{say('common.close')}</Button>}
      isCard
    >
      <Facts
        items={[
          { label: say('op.at'), value: <DateText value={event.at} precision="second" /> },
          { label: say('op.audit.actor'), value: event.actor.name },
          { label: say('op.audit.action'), value: <Code>{event.action}</Code> },
          { label: say('op.audit.target'), value: <Code>{event.target}</Code> },
          { label: say('op.audit.hash'), value: <Code>{event.hash}</Code> },
        ]}
      />
      <p>{say('op.audit.detail')}</p>
      <SourceText label={say('op.audit.detail')}>
        {JSON.stringify(event.detail, null, 2)}
      </SourceText>
    </Section>
  );
}
