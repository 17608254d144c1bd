import { Checkbox } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useChange } from '../../../api/hooks.ts';
import { webhookEventTypes, type WebhookEndpoint } from '../../../api/types/commerce.ts';
import { ConfirmDialog } from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { Fields, LongTextField, SelectField, TextField } from '../shared/fields.tsx';
import { useWord } from '../shared/state.tsx';

const PATH = '/api/v1/webhook-endpoints';

/** Makes an endpoint. Its key is told once, to whoever made it. */
export function EndpointDialog({
  account,
  onAdded,
  onClose,
}: {
  readonly account: string | undefined;
  readonly onAdded: (secret: string | undefined) => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useSay();
  const { choices } = useAccountChoices();
  const [endpointId] = useState(() => crypto.randomUUID());
  const [accountId, setAccountId] = useState(account ?? '');
  const [url, setUrl] = useState('https://');
  const [ca, setCa] = useState('');
  const [description, setDescription] = useState('');
  const [types, setTypes] = useState<readonly string[]>(webhookEventTypes);
  const add = useChange<undefined, WebhookEndpoint>(
    (api) =>
      api.put(`${PATH}/${endpointId}`, {
        accountId,
        url,
        eventTypes: types,
        ...(ca !== '' && { ca }),
        ...(description !== '' && { description }),
      }),
    [PATH],
  );
  const isUrl = URL.canParse(url) && url.startsWith('https://');
  return (
    <ConfirmDialog
      isOpen
      title={say('op.webhook.add')}
      confirmLabel={say('op.webhook.add')}
      canConfirm={accountId !== '' && isUrl && types.length > 0}
      onConfirm={async () => onAdded((await add.mutateAsync(undefined)).secret)}
      onClose={onClose}
    >
      {say('op.webhook.add.text')}
      <Fields>
        <SelectField
          label={say('op.account')}
          value={accountId}
          onChange={setAccountId}
          choices={[{ value: '', label: say('op.choose') }, ...choices]}
          isRequired
        />
        <TextField
          label={say('op.webhook.url')}
          type="url"
          value={url}
          onChange={setUrl}
          longest={2000}
          isRequired
        />
        <EventTypes chosen={types} onChange={setTypes} />
        <LongTextField
          label={say('op.webhook.ca')}
          hint={say('op.webhook.caHint')}
          value={ca}
          onChange={setCa}
          longest={20_000}
          isCode
        />
        <TextField
          label={say('op.note')}
          value={description}
          onChange={setDescription}
          longest={200}
        />
      </Fields>
    </ConfirmDialog>
  );
}

function EventTypes({
  chosen,
  onChange,
}: {
  readonly chosen: readonly string[];
  readonly onChange: (types: readonly string[]) => void;
}): ReactNode {
  const say = useSay();
  const event = useWord('op.event');
  const choose = (type: string, isChosen: boolean): void => {
    // In the order of the list, whatever the order in which they were chosen.
    onChange(webhookEventTypes.filter((one) => (one === type ? isChosen : chosen.includes(one))));
  };
  return (
    <fieldset>
      <legend>{say('op.webhook.types')}</legend>
      {webhookEventTypes.map((type) => (
        <div key={type}>
          <Checkbox
            label={event(type)}
            checked={chosen.includes(type)}
            onChange={(_, { checked }) => choose(type, checked === true)}
          />
        </div>
      ))}
    </fieldset>
  );
}
