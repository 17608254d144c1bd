import {
  Button,
  Checkbox,
  Field,
  Input,
  makeStyles,
  mergeClasses,
  Textarea,
} from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { AdapterTerms } from '../../../api/types/adapters.ts';
import { ErrorNotice, Section, SelectFilter, useSubmission } from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import {
  adapterKinds,
  hasAddress,
  hasKey,
  needsKey,
  readAdapter,
  type AdapterDraft,
  type AdapterFaults,
  type AdapterField,
} from './draft.ts';

const useStyles = makeStyles({
  root: { maxWidth: '60rem' },
  fields: { display: 'flex', flexWrap: 'wrap', gap: '12px', alignItems: 'flex-start' },
  field: { minWidth: 'min(220px, 100%)' },
  wide: { flex: '1 1 20rem' },
  line: { flexBasis: '100%', maxWidth: '100%' },
  code: { fontFamily: 'monospace' },
  buttons: { display: 'flex', gap: '8px', marginTop: '24px' },
});

interface FormProps {
  readonly accountId: string;
  readonly draft: AdapterDraft;
  /** What it is for, and from when on, stays. */
  readonly isNew: boolean;
  readonly save: (terms: AdapterTerms) => Promise<unknown>;
  readonly cancel: () => void;
}

/** What an adapter says, to write or to change. */
export function AdapterForm(props: FormProps): ReactNode {
  const { accountId, draft: first, isNew, save, cancel } = props;
  const styles = useStyles();
  const say = useSay();
  const [draft, setDraft] = useState(first);
  const [faults, setFaults] = useState<AdapterFaults>(new Set());
  const before = isNew ? undefined : first;
  const { isBusy, error, submit } = useSubmission(() => {
    const read = readAdapter(draft, accountId, before);
    setFaults('faults' in read ? read.faults : new Set());
    return 'faults' in read ? undefined : read.terms;
  }, save);
  const part = {
    draft,
    faults,
    isNew,
    isKeyNeeded: needsKey(draft, before),
    change: (some: Partial<AdapterDraft>) => setDraft({ ...draft, ...some }),
  };
  return (
    <form noValidate className={styles.root} onSubmit={submit}>
      <ErrorNotice error={error} />
      <div className={styles.fields}>
        <WhatFields {...part} />
      </div>
      {hasAddress(draft) && (
        <Section title={say('adapters.form.where')}>
          <div className={styles.fields}>
            <AddressFields {...part} />
          </div>
        </Section>
      )}
      <Section title={say('adapters.form.names')}>
        <p>{say(hasKey(draft) ? 'adapters.form.names.needed' : 'adapters.form.names.may')}</p>
        <div className={styles.fields}>
          <Names {...part} field="meters" />
          <Names {...part} field="customers" />
        </div>
      </Section>
      <div className={styles.buttons}>
        <Button type="submit" appearance="primary" disabledFocusable={isBusy}>
          {say(isNew ? 'adapters.form.create' : 'common.save')}
        </Button>
        <Button onClick={cancel}>{say('common.cancel')}</Button>
      </div>
    </form>
  );
}

interface PartProps {
  readonly draft: AdapterDraft;
  readonly faults: AdapterFaults;
  readonly isNew: boolean;
  readonly isKeyNeeded: boolean;
  readonly change: (some: Partial<AdapterDraft>) => void;
}

function WhatFields(part: PartProps): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const { draft, isNew, change } = part;
  return (
    <>
      <Text {...part} field="name" label="adapters.name" isRequired />
      {isNew && (
        <>
          <SelectFilter
            label={say('adapters.kind')}
            value={draft.kind}
            choices={adapterKinds.map((value) => ({ value, label: say(`adapters.kind.${value}`) }))}
            onChange={(kind) => {
              if (kind !== undefined) change({ kind });
            }}
          />
          <Field label={say('adapters.form.start')} hint={say('adapters.form.start.hint')}>
            <Input
              type="date"
              value={draft.startDay}
              onChange={(_, { value }) => change({ startDay: value })}
            />
          </Field>
        </>
      )}
      <Checkbox
        className={styles.line}
        label={say('adapters.form.free')}
        checked={draft.includeFree}
        onChange={(_, { checked }) => change({ includeFree: checked === true })}
      />
    </>
  );
}

function AddressFields(part: PartProps): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const { draft, isNew, isKeyNeeded, change } = part;
  const isWebhook = draft.kind === 'webhook';
  return (
    <>
      <Text
        {...part}
        field="url"
        label="adapters.form.url"
        {...(isWebhook && { hint: 'adapters.form.url.hint' })}
        {...(!isWebhook && isNew && { hint: 'adapters.form.url.usual' })}
        isRequired={isWebhook || !isNew}
      />
      {hasKey(draft) && (
        <Text
          {...part}
          field="secret"
          label="adapters.form.secret"
          hint={isNew ? 'adapters.form.secret.hint' : 'adapters.form.secret.stays'}
          isRequired={isKeyNeeded}
        />
      )}
      {draft.kind === 'stripe' && (
        <Text
          {...part}
          field="decimals"
          label="adapters.form.decimals"
          hint="adapters.form.decimals.hint"
        />
      )}
      <Field
        className={styles.wide}
        label={say('adapters.form.ca')}
        hint={say('adapters.form.ca.hint')}
      >
        <Textarea
          value={draft.ca}
          rows={2}
          maxLength={20_000}
          textarea={{ className: styles.code, spellCheck: false }}
          onChange={(_, { value }) => change({ ca: value })}
        />
      </Field>
    </>
  );
}

function Names({
  draft,
  faults,
  change,
  field,
}: PartProps & { readonly field: 'meters' | 'customers' }): ReactNode {
  const styles = useStyles();
  const say = useSay();
  return (
    <Field
      className={styles.wide}
      label={say(`adapters.form.${field}`)}
      hint={say(`adapters.form.${field}.hint`)}
      {...(faults.has(field) && { validationMessage: say('adapters.form.names.wrong') })}
    >
      <Textarea
        value={draft[field]}
        rows={4}
        resize="vertical"
        textarea={{ className: styles.code, spellCheck: false }}
        onChange={(_, { value }) => change({ [field]: value })}
      />
    </Field>
  );
}

function Text({
  draft,
  faults,
  change,
  field,
  label,
  hint,
  isRequired = false,
}: PartProps & {
  readonly field: Exclude<AdapterField, 'meters' | 'customers'>;
  /** Message ids. */
  readonly label: string;
  readonly hint?: string;
  readonly isRequired?: boolean;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const isSecret = field === 'secret';
  return (
    <Field
      className={mergeClasses(styles.field, field === 'url' && styles.wide)}
      label={say(label)}
      required={isRequired}
      {...(hint !== undefined && { hint: say(hint) })}
      {...(faults.has(field) && { validationMessage: say(`adapters.form.${field}.wrong`) })}
    >
      <Input
        type={isSecret ? 'password' : 'text'}
        autoComplete={isSecret ? 'new-password' : 'off'}
        value={draft[field]}
        maxLength={2000}
        onChange={(_, { value }) => change({ [field]: value })}
      />
    </Field>
  );
}
