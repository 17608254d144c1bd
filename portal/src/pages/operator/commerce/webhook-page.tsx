import { Button } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useAnswer, useChange } from '../../../api/hooks.ts';
import type { Api } from '../../../api/client.ts';
import type { WebhookEndpoint } from '../../../api/types/commerce.ts';
import { may } from '../../../app/area.ts';
import { usePart } from '../../../app/address.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  Code,
  ConfirmDialog,
  DateText,
  Facts,
  PageHeader,
  PageLink,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { Answered } from '../shared/answered.tsx';
import { useNews, type News } from '../shared/news.tsx';
import { State, useWord } from '../shared/state.tsx';
import { SecretNotice } from './secret-notice.tsx';
import { WebhookMessages } from './webhook-messages.tsx';

const LIST = '/api/v1/webhook-endpoints';
/** Hours for which the key before is still taken. */
const ROTATION_HOURS = 24;

/** One endpoint, and what was sent to it. */
export default function WebhookPage(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const path = `${LIST}/${encodeURIComponent(usePart('id'))}`;
  const answer = useAnswer<WebhookEndpoint>(path);
  const [news, tell] = useNews();
  const [secret, setSecret] = useState<string>();
  const mayChange = may(viewer, 'Stackmeter.Billing/webhooks/write');
  return (
    <Answered answer={answer} isPage>
      {(endpoint) => (
        <>
          <PageHeader
            title={say('op.webhook.title', { host: hostOf(endpoint.url) })}
            trail={<PageLink to="/webhooks">{say('op.webhooks.nav')}</PageLink>}
            actions={
              mayChange && (
                <Decisions endpoint={endpoint} path={path} tell={tell} onSecret={setSecret} />
              )
            }
          />
          {news}
          <SecretNotice secret={secret} />
          <EndpointFacts endpoint={endpoint} />
          <WebhookMessages path={path} mayReplay={mayChange} tell={tell} />
        </>
      )}
    </Answered>
  );
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function EndpointFacts({ endpoint }: { readonly endpoint: WebhookEndpoint }): ReactNode {
  const say = useSay();
  const event = useWord('op.event');
  const { nameOf } = useAccountChoices();
  const { url, state, eventTypes, description, previousUntil, createdAt } = endpoint;
  return (
    <Facts
      items={[
        { label: say('op.state'), value: <State value={state} /> },
        { label: say('op.webhook.url'), value: <Code>{url}</Code> },
        { label: say('op.account'), value: nameOf(endpoint.accountId) },
        { label: say('op.webhook.types'), value: eventTypes.map(event).join(', ') },
        { label: say('op.note'), value: description },
        {
          label: say('op.webhook.previousUntil'),
          value: previousUntil && <DateText value={previousUntil} />,
        },
        { label: say('op.created'), value: createdAt && <DateText value={createdAt} /> },
      ]}
    />
  );
}

type Decision = 'test' | 'toggle' | 'rotate' | 'remove';

function Decisions({
  endpoint,
  path,
  tell,
  onSecret,
}: {
  readonly endpoint: WebhookEndpoint;
  readonly path: string;
  readonly tell: (news: News) => void;
  readonly onSecret: (secret: string | undefined) => void;
}): ReactNode {
  const say = useSay();
  const navigate = useNavigate();
  const [decision, setDecision] = useState<Decision>();
  const isOn = endpoint.state === 'Enabled';
  const state = isOn ? 'Disabled' : 'Enabled';
  const calls: Readonly<Record<Decision, (api: Api) => Promise<WebhookEndpoint | undefined>>> = {
    test: (api) => api.post(`${path}/test`),
    toggle: (api) => api.put(path, { state }),
    rotate: (api) => api.post(`${path}/rotate-secret`, { hours: ROTATION_HOURS }),
    remove: (api) => api.delete(path),
  };
  const change = useChange((api, which: Decision) => calls[which](api), [LIST]);
  const idOf = (which: Decision): string =>
    which === 'toggle'
      ? isOn
        ? 'op.webhook.disable'
        : 'op.webhook.enable'
      : `op.webhook.${which}`;
  const confirm = async (which: Decision): Promise<void> => {
    const answer = await change.mutateAsync(which);
    if (which === 'rotate') onSecret(answer?.secret);
    tell({ tone: 'success', text: say(`${idOf(which)}.done`) });
  };
  return (
    <>
      {(['test', 'toggle', 'rotate', 'remove'] as const).map((which) => (
        <Button key={which} onClick={() => setDecision(which)}>
          {say(idOf(which))}
        </Button>
      ))}
      {decision !== undefined && (
        <ConfirmDialog
          isOpen
          title={say(idOf(decision))}
          confirmLabel={say(idOf(decision))}
          onConfirm={() => confirm(decision)}
          onClose={(wasDone) => {
            setDecision(undefined);
            if (wasDone && decision === 'remove') void navigate({ to: '/webhooks' });
          }}
        >
          {say(`${idOf(decision)}.text`, { hours: ROTATION_HOURS })}
        </ConfirmDialog>
      )}
    </>
  );
}
