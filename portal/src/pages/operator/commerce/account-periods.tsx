import { Button, makeStyles } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useChange, usePages, type Pages } from '../../../api/hooks.ts';
import type { AccountDetail, AccountPeriod } from '../../../api/types/commerce.ts';
import { may } from '../../../app/area.ts';
import { now } from '../../../app/clock.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  ConfirmDialog,
  DataTable,
  DateText,
  PageLink,
  Section,
  StateBadge,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Fields, LongTextField } from '../shared/fields.tsx';
import { useNews, type News } from '../shared/news.tsx';
import { State } from '../shared/state.tsx';

const useStyles = makeStyles({ button: { margin: '0 8px 4px 0' } });

type Decision = 'hold' | 'release' | 'issue';

interface Pending {
  readonly decision: Decision;
  readonly period: AccountPeriod;
}

interface Issued {
  readonly invoice?: {
    readonly number: string;
    readonly gross: string;
    readonly currency: string;
  } | null;
}

/** The last moment before an end, so that it is the last day of the period and not the first after it. */
function lastMoment(end: string): string {
  return new Date(Date.parse(end) - 1).toISOString();
}

/** The periods of an account, and what can be decided about each. */
export function AccountPeriods({
  account,
  path,
}: {
  readonly account: AccountDetail;
  readonly path: string;
}): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const list = usePages<AccountPeriod>(`${path}/periods`);
  const [news, tell] = useNews();
  const [pending, setPending] = useState<Pending>();
  return (
    <Section title={say('op.periods')}>
      {news}
      <PeriodTable
        list={list}
        account={account}
        onDecide={may(viewer, 'Stackmeter.Billing/invoices/write') ? setPending : undefined}
      />
      {pending !== undefined && (
        <DecisionDialog
          {...pending}
          account={account}
          path={path}
          tell={tell}
          onClose={() => setPending(undefined)}
        />
      )}
    </Section>
  );
}

function PeriodTable({
  list,
  account,
  onDecide,
}: {
  readonly list: Pages<AccountPeriod>;
  readonly account: AccountDetail;
  /** Absent for those who decide nothing. */
  readonly onDecide: ((pending: Pending) => void) | undefined;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  return (
    <DataTable
      caption={say('op.periods')}
      isCaptionHidden
      list={list}
      keyOf={({ name }) => name}
      empty={say('op.periods.empty')}
      columns={[
        {
          id: 'name',
          title: say('op.period'),
          cell: ({ name }) => (
            <PageLink
              to="/periods/$period"
              params={{ period: name }}
              search={{ account: account.accountId }}
            >
              {formats.period(name)}
            </PageLink>
          ),
        },
        {
          id: 'from',
          title: say('op.from'),
          cell: ({ from }) => <DateText value={from} precision="day" zone={account.timeZone} />,
        },
        {
          id: 'to',
          title: say('op.until'),
          cell: ({ to }) => (
            <DateText value={lastMoment(to)} precision="day" zone={account.timeZone} />
          ),
        },
        {
          id: 'state',
          title: say('op.state'),
          cell: ({ state, held }) => (
            <>
              <State value={state} />{' '}
              {held !== undefined && (
                <StateBadge tone="warning">{say('op.period.held', { reason: held })}</StateBadge>
              )}
            </>
          ),
        },
        {
          id: 'actions',
          title: say('common.actions'),
          cell: (period) =>
            onDecide !== undefined && (
              <Decisions period={period} onDecide={(decision) => onDecide({ decision, period })} />
            ),
        },
      ]}
    />
  );
}

function Decisions({
  period,
  onDecide,
}: {
  readonly period: AccountPeriod;
  readonly onDecide: (decision: Decision) => void;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const styles = useStyles();
  if (period.state === 'Issued') return null;
  const hasEnded = Date.parse(period.to) <= now();
  const decisions: readonly Decision[] = [
    period.held === undefined ? 'hold' : 'release',
    ...(hasEnded ? (['issue'] as const) : []),
  ];
  return decisions.map((decision) => (
    <Button
      key={decision}
      size="small"
      className={styles.button}
      aria-label={say(`op.period.${decision}.of`, { period: formats.period(period.name) })}
      onClick={() => onDecide(decision)}
    >
      {say(`op.period.${decision}`)}
    </Button>
  ));
}

function DecisionDialog({
  decision,
  period,
  account,
  path,
  tell,
  onClose,
}: Pending & {
  readonly account: AccountDetail;
  readonly path: string;
  readonly tell: (news: News) => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const [reason, setReason] = useState('');
  const decide = useChange<undefined, Issued>(
    (api) =>
      api.post(
        `${path}/periods/${encodeURIComponent(period.name)}/${decision}`,
        decision === 'hold' ? { reason } : undefined,
      ),
    ['/api/v1/accounts', '/api/v1/billing-problems', '/api/v1/invoices', '/api/v1/ledger'],
  );
  const values = { period: formats.period(period.name), account: account.name };
  const confirm = async (): Promise<void> => {
    const answer = await decide.mutateAsync(undefined);
    if (decision !== 'issue') {
      tell({ tone: 'success', text: say(`op.period.${decision}.done`, values) });
      return;
    }
    const { invoice } = answer;
    if (invoice === null || invoice === undefined) {
      tell({ tone: 'info', text: say('op.period.issue.nothing', values) });
      return;
    }
    const { number, gross, currency } = invoice;
    const amount = formats.money(gross, currency);
    tell({ tone: 'success', text: say('op.period.issue.done', { ...values, number, amount }) });
  };
  return (
    <ConfirmDialog
      isOpen
      title={say(`op.period.${decision}.of`, values)}
      confirmLabel={say(`op.period.${decision}`)}
      canConfirm={decision !== 'hold' || reason.trim() !== ''}
      onConfirm={confirm}
      onClose={onClose}
    >
      {say(`op.period.${decision}.text`, values)}
      {decision === 'hold' && (
        <Fields>
          <LongTextField
            label={say('common.reason')}
            value={reason}
            onChange={setReason}
            isRequired
            longest={200}
          />
        </Fields>
      )}
    </ConfirmDialog>
  );
}
