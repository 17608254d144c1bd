import { Button, Field, Input, makeStyles } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { today } from '../../app/clock.ts';
import { isSeller, type Account } from '../../api/types/accounts.ts';
import { grains, type BudgetTerms } from '../../api/types/budgets.ts';
import { ErrorNotice, Section, SelectFilter, useSubmission } from '../../components/index.ts';
import { useLanguage, useSay } from '../../i18n/language.tsx';
import { AnalysisFilters } from '../analysis/analysis-filters.tsx';
import { views } from '../analysis/search.ts';
import { AlertFields } from './alert-fields.tsx';
import { newAlert, readDraft, type AlertDraft, type BudgetDraft, type Faults } from './draft.ts';
import { budgetDimensions } from './paths.ts';

const useStyles = makeStyles({
  root: { maxWidth: '60rem' },
  fields: { display: 'flex', flexWrap: 'wrap', gap: '12px', alignItems: 'flex-start' },
  buttons: { display: 'flex', gap: '8px', marginTop: '24px' },
});

const MOST_ALERTS = 10;
const NO_FAULTS: Faults = { alerts: [] };

interface FormProps {
  readonly account: Account;
  readonly draft: BudgetDraft;
  /** A budget keeps its name. */
  readonly isNew: boolean;
  readonly save: (terms: BudgetTerms) => Promise<unknown>;
  readonly cancel: () => void;
}

/** What a budget says, to write or to change. */
export function BudgetForm({ account, draft: first, isNew, save, cancel }: FormProps): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const { language } = useLanguage();
  const [draft, setDraft] = useState(first);
  const [faults, setFaults] = useState(NO_FAULTS);
  const change = (part: Partial<BudgetDraft>): void => setDraft({ ...draft, ...part });
  const { isBusy, error, submit } = useSubmission(() => {
    const read = readDraft(draft, language);
    setFaults('faults' in read ? read.faults : NO_FAULTS);
    return 'faults' in read ? undefined : read.terms;
  }, save);
  return (
    <form noValidate className={styles.root} onSubmit={submit}>
      <ErrorNotice error={error} />
      <div className={styles.fields}>
        {isNew && <NameField draft={draft} faults={faults} change={change} />}
        <TermFields account={account} draft={draft} faults={faults} change={change} />
      </div>
      <Section title={say('budgets.filters')}>
        <AnalysisFilters
          question={{
            kind: 'cost',
            search: { filters: draft.filters },
            today: today(),
            account: account.accountId,
            view: draft.view,
          }}
          dimensions={budgetDimensions}
          change={({ filters }) => change({ filters: filters ?? [] })}
        />
      </Section>
      <AlertList draft={draft} faults={faults} change={change} />
      <div className={styles.buttons}>
        <Button type="submit" appearance="primary" disabledFocusable={isBusy}>
          {say(isBusy ? 'budgets.saving' : 'budgets.save')}
        </Button>
        <Button onClick={cancel}>{say('budgets.cancel')}</Button>
      </div>
    </form>
  );
}

interface PartProps {
  readonly draft: BudgetDraft;
  readonly faults: Faults;
  readonly change: (change: Partial<BudgetDraft>) => void;
}

function NameField({ draft, faults, change }: PartProps): ReactNode {
  const say = useSay();
  return (
    <Field
      label={say('budgets.name')}
      required
      hint={say('budgets.name.hint')}
      {...(faults.name && { validationMessage: say('budgets.name.wrong') })}
    >
      <Input
        value={draft.name}
        maxLength={90}
        onChange={(_, { value }) => change({ name: value })}
      />
    </Field>
  );
}

function TermFields({
  account,
  draft,
  faults,
  change,
}: PartProps & { readonly account: Account }): ReactNode {
  const say = useSay();
  // Those who sell may also buy; the provider buys from nobody, all others sell nothing.
  const hasBoth = isSeller(account) && account.kind !== 'provider';
  return (
    <>
      <Field
        label={say('budgets.amountIn', { currency: account.currency })}
        required
        {...(faults.amount && { validationMessage: say('budgets.amount.wrong') })}
      >
        <Input
          inputMode="decimal"
          value={draft.amount}
          maxLength={40}
          onChange={(_, { value }) => change({ amount: value })}
        />
      </Field>
      <SelectFilter
        label={say('budgets.grain')}
        value={draft.grain}
        choices={grains.map((value) => ({ value, label: say(`budgets.grain.${value}`) }))}
        onChange={(grain) => {
          if (grain !== undefined) change({ grain });
        }}
      />
      {hasBoth && (
        <SelectFilter
          label={say('budgets.view')}
          value={draft.view}
          choices={views.map((value) => ({ value, label: say(`budgets.view.${value}`) }))}
          onChange={(view) => {
            if (view !== undefined) change({ view });
          }}
        />
      )}
    </>
  );
}

function AlertList({ draft, faults, change }: PartProps): ReactNode {
  const say = useSay();
  const { alerts } = draft;
  const changeAlert = (id: number, part: Partial<AlertDraft>): void => {
    change({ alerts: alerts.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  };
  return (
    <Section title={say('budgets.alerts')}>
      {alerts.length === 0 && <p>{say('budgets.alerts.none')}</p>}
      {alerts.map((alert, at) => (
        <AlertFields
          key={alert.id}
          alert={alert}
          number={at + 1}
          faults={faults.alerts[at]}
          change={(part) => changeAlert(alert.id, part)}
          remove={() => change({ alerts: alerts.filter(({ id }) => id !== alert.id) })}
        />
      ))}
      {alerts.length < MOST_ALERTS && (
        <Button
          onClick={() => {
            const id = Math.max(-1, ...alerts.map((one) => one.id)) + 1;
            change({ alerts: [...alerts, newAlert(id)] });
          }}
        >
          {say('budgets.alert.add')}
        </Button>
      )}
    </Section>
  );
}
