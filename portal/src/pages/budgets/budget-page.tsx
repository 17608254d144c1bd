import { Button, makeStyles } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useAccount } from '../../app/account.ts';
import { usePart } from '../../app/address.ts';
import { today } from '../../app/clock.ts';
import { may } from '../../app/area.ts';
import { useViewer } from '../../app/viewer.tsx';
import { useAnswer, useChange } from '../../api/hooks.ts';
import type { Budget, BudgetAlert } from '../../api/types/budgets.ts';
import {
  ConfirmDialog,
  DateText,
  ErrorNotice,
  Facts,
  Loading,
  Money,
  Notice,
  PageHeader,
  PageLink,
  Section,
} from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { nameOfFilter, useNamesOf } from '../analysis/names.ts';
import { lastInstant } from '../analysis/period.ts';
import { parseFilter } from '../analysis/search.ts';
import { BudgetHistory } from './budget-history.tsx';
import { BudgetProgress, BudgetState } from './budget-progress.tsx';
import { asFilterTexts, budgetPath, budgetsPath, costSearchOf } from './paths.ts';

const useStyles = makeStyles({ list: { margin: 0, paddingInlineStart: '20px' } });

/** A budget: how it stands, what it says, and whom it has told. */
export default function BudgetPage(): ReactNode {
  const say = useSay();
  const name = usePart('budget');
  const { accountId = '' } = useAccount();
  const { data, error, refetch } = useAnswer<Budget>(budgetPath(accountId, name), undefined, {
    enabled: accountId !== '',
  });
  return (
    <>
      <PageHeader
        title={name}
        trail={<PageLink to="/budgets">{say('budgets.title')}</PageLink>}
        {...(data !== undefined && { actions: <Actions budget={data} /> })}
      />
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <Standing budget={data} />
          <Terms budget={data} />
          <BudgetHistory budget={data} />
        </>
      )}
    </>
  );
}

function Actions({ budget: { name, accountId } }: { readonly budget: Budget }): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const navigate = useNavigate();
  const [isAsking, ask] = useState(false);
  const remove = useChange(
    (api) => api.delete(budgetPath(accountId, name)),
    [budgetsPath(accountId)],
  );
  return (
    <>
      {may(viewer, 'Microsoft.Consumption/budgets/write') && (
        <PageLink to="/budgets/$budget/edit" params={{ budget: name }}>
          {say('budgets.edit')}
        </PageLink>
      )}
      {may(viewer, 'Microsoft.Consumption/budgets/delete') && (
        <Button onClick={() => ask(true)}>{say('budgets.delete')}</Button>
      )}
      {isAsking && (
        <ConfirmDialog
          isOpen
          title={say('budgets.delete.title', { name })}
          confirmLabel={say('budgets.delete')}
          onConfirm={() => remove.mutateAsync(undefined)}
          onClose={(wasDone) => {
            ask(false);
            if (wasDone) void navigate({ to: '/budgets' });
          }}
        >
          {say('budgets.delete.text')}
        </ConfirmDialog>
      )}
    </>
  );
}

function Standing({ budget }: { readonly budget: Budget }): ReactNode {
  const say = useSay();
  const format = useFormats();
  const { current, currency } = budget;
  const zone = useZone(budget.grain);
  const money = (amount: string): string => format.money(amount, currency);
  const forecast = current?.forecast;
  return (
    <Section
      title={say('budgets.current')}
      actions={
        <PageLink to="/cost" search={costSearchOf(budget, zone)}>
          {say('budgets.analyse')}
        </PageLink>
      }
    >
      {current?.problem !== undefined && <Notice tone="warning">{current.problem}</Notice>}
      <Facts
        items={[
          { label: say('budgets.state'), value: <BudgetState budget={budget} /> },
          { label: say('budgets.spent'), value: <BudgetProgress budget={budget} /> },
          {
            label: say('budgets.forecast'),
            value: forecast && (
              <>
                {money(forecast.amount)}
                <br />
                {say('budgets.forecast.range', {
                  low: money(forecast.low),
                  high: money(forecast.high),
                })}
              </>
            ),
          },
          { label: say('budgets.grain'), value: <Span budget={budget} /> },
          {
            label: say('budgets.evaluated'),
            value: current && <DateText value={current.evaluatedAt} />,
          },
        ]}
      />
    </Section>
  );
}

/** Months are those of UTC, billing periods those of the account. */
function useZone(grain: Budget['grain']): string {
  const { account } = useAccount();
  return (grain === 'BillingPeriod' ? account?.timeZone : undefined) ?? 'UTC';
}

function Span({ budget: { grain, current } }: { readonly budget: Budget }): ReactNode {
  const say = useSay();
  const format = useFormats();
  const zone = useZone(grain);
  const { from, to } = current ?? {};
  return (
    <>
      {say(`budgets.grain.${grain}`)}
      {from !== undefined && to !== undefined && (
        <>
          <br />
          {say('budgets.span', {
            from: format.time(from, 'day', zone),
            to: format.time(lastInstant(to), 'day', zone),
          })}
        </>
      )}
    </>
  );
}

function Terms({ budget }: { readonly budget: Budget }): ReactNode {
  const say = useSay();
  const { amount, currency, view, alerts } = budget;
  return (
    <Section title={say('budgets.terms')}>
      <Facts
        items={[
          { label: say('budgets.amount'), value: <Money amount={amount} currency={currency} /> },
          { label: say('budgets.view'), value: say(`budgets.view.${view}`) },
          { label: say('budgets.filters'), value: <Filters budget={budget} /> },
          {
            label: say('budgets.alerts'),
            value:
              alerts.length === 0 ? (
                say('budgets.alerts.none')
              ) : (
                <Alerts alerts={alerts} currency={currency} />
              ),
          },
        ]}
      />
    </Section>
  );
}

function Filters({ budget: { filters, accountId, view } }: { readonly budget: Budget }): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const all = asFilterTexts(filters).flatMap((text) => parseFilter(text) ?? []);
  useNamesOf({ kind: 'cost', search: {}, today: today(), account: accountId, view }, all);
  if (all.length === 0) return say('budgets.filters.all');
  return (
    <ul className={styles.list}>
      {all.map((filter) => (
        <li key={`${filter.dimension}=${filter.value}`}>
          {say(`analysis.dimension.${filter.dimension}`)}: {nameOfFilter(filter)}
        </li>
      ))}
    </ul>
  );
}

function Alerts({
  alerts,
  currency,
}: {
  readonly alerts: readonly BudgetAlert[];
  readonly currency: string;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const format = useFormats();
  return (
    <ul className={styles.list}>
      {alerts.map(({ of, unit, threshold, notify }) => {
        const at =
          unit === 'percent' ? format.percent(threshold, 2) : format.money(threshold, currency);
        const told = [...notify.emails, ...(notify.webhook ? [say('budgets.alert.webhooks')] : [])];
        return (
          <li key={`${of} ${unit} ${threshold}`}>
            {say(`budgets.alert.at.${of}`, { threshold: at })}
            {told.length > 0 && `: ${told.join(', ')}`}
          </li>
        );
      })}
    </ul>
  );
}
