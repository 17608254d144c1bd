import {
  Button,
  Checkbox,
  Field,
  Input,
  Select,
  Textarea,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useSay } from '../../i18n/language.tsx';
import type { AlertDraft, AlertFaults } from './draft.ts';

const useStyles = makeStyles({
  root: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    margin: '0 0 12px',
    padding: '8px 12px 12px',
    minWidth: 0,
  },
  row: { display: 'flex', flexWrap: 'wrap', gap: '12px', alignItems: 'flex-start' },
  emails: { flex: '1 1 16rem' },
});

const bases = ['actual', 'forecast'] as const;
const units = ['percent', 'amount'] as const;

/** When somebody is told, and who. */
export function AlertFields({
  alert,
  number,
  faults = {},
  change,
  remove,
}: {
  readonly alert: AlertDraft;
  readonly number: number;
  readonly faults?: AlertFaults | undefined;
  readonly change: (change: Partial<AlertDraft>) => void;
  readonly remove: () => void;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  return (
    <fieldset className={styles.root}>
      <legend>{say('budgets.alert.number', { number })}</legend>
      <div className={styles.row}>
        <ThresholdFields alert={alert} faults={faults} change={change} />
        <Field
          label={say('budgets.alert.emails')}
          className={styles.emails}
          hint={say('budgets.alert.emails.hint')}
          {...(faults.emails !== undefined && {
            validationMessage: say('budgets.alert.emails.wrong', { addresses: faults.emails }),
          })}
        >
          <Textarea
            value={alert.emails}
            rows={1}
            maxLength={2600}
            onChange={(_, { value }) => change({ emails: value })}
          />
        </Field>
      </div>
      <div className={styles.row}>
        <Checkbox
          label={say('budgets.alert.webhook')}
          checked={alert.webhook}
          onChange={(_, { checked }) => change({ webhook: checked === true })}
        />
        <Button appearance="subtle" onClick={remove}>
          {say('budgets.alert.remove', { number })}
        </Button>
      </div>
    </fieldset>
  );
}

/** Of what, how much, in which unit. */
function ThresholdFields({
  alert,
  faults,
  change,
}: {
  readonly alert: AlertDraft;
  readonly faults: AlertFaults;
  readonly change: (change: Partial<AlertDraft>) => void;
}): ReactNode {
  const say = useSay();
  return (
    <>
      <Field label={say('budgets.alert.of')}>
        <Select
          value={alert.of}
          onChange={(_, { value }) =>
            change({ of: bases.find((one) => one === value) ?? 'actual' })
          }
        >
          {bases.map((one) => (
            <option key={one} value={one}>
              {say(`budgets.alert.of.${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={say('budgets.alert.threshold')}
        required
        {...(faults.threshold && { validationMessage: say('budgets.alert.threshold.wrong') })}
      >
        <Input
          inputMode="decimal"
          value={alert.threshold}
          maxLength={40}
          onChange={(_, { value }) => change({ threshold: value })}
        />
      </Field>
      <Field label={say('budgets.alert.unit')}>
        <Select
          value={alert.unit}
          onChange={(_, { value }) =>
            change({ unit: units.find((one) => one === value) ?? 'percent' })
          }
        >
          {units.map((one) => (
            <option key={one} value={one}>
              {say(`budgets.alert.unit.${one}`)}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}
