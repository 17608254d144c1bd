import { Button, Field, Input, makeStyles } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { mayEverywhere } from '../../app/area.ts';
import { useViewer } from '../../app/viewer.tsx';
import { isSeller, type Account } from '../../api/types/accounts.ts';
import {
  exportDeliveries,
  exportFormats,
  exportGranularities,
  exportLayouts,
  exportSchedules,
  type ExportTerms,
} from '../../api/types/exports.ts';
import { ErrorNotice, Section, SelectFilter, useSubmission } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { views } from '../analysis/search.ts';
import {
  datasetsFor,
  isFocus,
  missingIn,
  termsOf,
  type ExportDraft,
  type TextField,
} from './draft.ts';

const useStyles = makeStyles({
  fields: { display: 'flex', flexWrap: 'wrap', gap: '12px', alignItems: 'flex-start' },
  field: { minWidth: 'min(220px, 100%)' },
  buttons: { display: 'flex', gap: '8px', marginTop: '24px' },
});

interface FormProps {
  readonly account: Account;
  readonly draft: ExportDraft;
  readonly isNew: boolean;
  readonly save: (terms: ExportTerms) => Promise<unknown>;
  readonly cancel: () => void;
}

/** What an export says. */
export function ExportForm({ account, draft: first, isNew, save, cancel }: FormProps): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const [draft, setDraft] = useState(first);
  const [missing, setMissing] = useState<ReadonlySet<TextField>>(new Set());
  const { isBusy, error, submit } = useSubmission(() => {
    const lacking = missingIn(draft, isNew ? undefined : first);
    setMissing(lacking);
    return lacking.size > 0 ? undefined : termsOf(draft, account.accountId);
  }, save);
  const part: PartProps = {
    draft,
    missing,
    change: (some) => setDraft({ ...draft, ...some }),
  };
  return (
    <form noValidate onSubmit={submit}>
      <ErrorNotice error={error} />
      <div className={styles.fields}>
        <TextInput {...part} field="name" label="exports.name" />
        <WhatFields {...part} account={account} />
      </div>
      <Section title={say('exports.destination')}>
        <div className={styles.fields}>
          <DestinationFields {...part} />
        </div>
      </Section>
      <div className={styles.buttons}>
        <Button type="submit" appearance="primary" disabledFocusable={isBusy}>
          {say(isNew ? (isBusy ? 'exports.creating' : 'exports.create') : 'common.save')}
        </Button>
        <Button onClick={cancel}>{say('exports.cancel')}</Button>
      </div>
    </form>
  );
}

interface PartProps {
  readonly draft: ExportDraft;
  readonly missing: ReadonlySet<TextField>;
  readonly change: (some: Partial<ExportDraft>) => void;
}

function WhatFields({
  draft,
  change,
  account,
}: PartProps & { readonly account: Account }): ReactNode {
  const { settings } = useViewer();
  const isProvider = account.kind === 'provider';
  const datasets = datasetsFor({ isProvider, isSeller: isSeller(account), wings: settings.wings });
  const hasBoth = isSeller(account) && !isProvider;
  const isHub = isFocus(draft) && draft.layout === 'finops-hub';
  return (
    <>
      <Choice
        field="dataset"
        value={draft.dataset}
        values={datasets}
        change={(dataset) => change({ dataset })}
      />
      {isFocus(draft) && hasBoth && (
        <Choice
          field="view"
          value={draft.view}
          values={views}
          change={(view) => change({ view })}
        />
      )}
      {draft.dataset === 'usage-summary' && (
        <Choice
          field="granularity"
          value={draft.granularity}
          values={exportGranularities}
          change={(granularity) => change({ granularity })}
        />
      )}
      {isFocus(draft) && (
        <Choice
          field="layout"
          value={draft.layout}
          values={exportLayouts}
          change={(layout) => change({ layout })}
        />
      )}
      {/* A hub takes Parquet in, and nothing else. */}
      {!isHub && (
        <Choice
          field="format"
          value={draft.format}
          values={exportFormats}
          change={(format) => change({ format })}
        />
      )}
      <Choice
        field="delivery"
        value={draft.delivery}
        values={exportDeliveries}
        change={(delivery) => change({ delivery })}
      />
      <Choice
        field="schedule"
        value={draft.schedule}
        values={exportSchedules}
        change={(schedule) => change({ schedule })}
      />
    </>
  );
}

function Choice<V extends string>({
  field,
  value,
  values,
  change,
}: {
  /** Message id of its name; those of its values are below it. */
  readonly field: string;
  readonly value: V;
  readonly values: readonly V[];
  readonly change: (value: V) => void;
}): ReactNode {
  const say = useSay();
  return (
    <SelectFilter
      label={say(`exports.${field}`)}
      value={value}
      choices={values.map((one) => ({ value: one, label: say(`exports.${field}.${one}`) }))}
      onChange={(chosen) => {
        if (chosen !== undefined) change(chosen);
      }}
    />
  );
}

const storeFields = ['endpoint', 'region', 'bucket', 'accessKeyId', 'secret'] as const;

function DestinationFields(part: PartProps): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const { draft, change } = part;
  // Folders are chosen by those who run the server; others have one of their own.
  const choosesFolder = mayEverywhere(viewer, 'Microsoft.CostManagement/exports/write');
  const kinds = ['folder', 's3'] as const;
  return (
    <>
      <SelectFilter
        label={say('exports.destination')}
        value={draft.kind}
        choices={kinds.map((value) => ({ value, label: say(`exports.destination.${value}`) }))}
        onChange={(kind) => {
          if (kind !== undefined) change({ kind });
        }}
      />
      {draft.kind === 'folder' && choosesFolder && (
        <Field label={say('exports.destination.path')} hint={say('exports.destination.path.hint')}>
          <Input
            value={draft.path}
            maxLength={300}
            onChange={(_, { value }) => change({ path: value })}
          />
        </Field>
      )}
      {draft.kind === 's3' && (
        <>
          {storeFields.map((field) => (
            <TextInput
              key={field}
              {...part}
              field={field}
              label={`exports.destination.${field}`}
              {...(field === 'endpoint' && { hint: 'exports.destination.endpoint.hint' })}
              {...(field === 'secret' && { hint: 'exports.destination.secret.hint' })}
            />
          ))}
          <Field label={say('exports.destination.prefix')}>
            <Input
              value={draft.prefix}
              maxLength={500}
              onChange={(_, { value }) => change({ prefix: value })}
            />
          </Field>
        </>
      )}
    </>
  );
}

function TextInput({
  draft,
  missing,
  change,
  field,
  label,
  hint,
}: PartProps & {
  readonly field: TextField;
  /** Message ids. */
  readonly label: string;
  readonly hint?: string;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const isSecret = field === 'secret';
  return (
    <Field
      label={say(label)}
      required
      className={styles.field}
      {...(hint !== undefined && { hint: say(hint) })}
      {...(missing.has(field) && { validationMessage: say('exports.required') })}
    >
      <Input
        type={isSecret ? 'password' : 'text'}
        autoComplete={isSecret ? 'new-password' : 'off'}
        value={draft[field]}
        maxLength={500}
        onChange={(_, { value }) => change({ [field]: value })}
      />
    </Field>
  );
}
