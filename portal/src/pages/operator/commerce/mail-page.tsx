import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useChange, usePages } from '../../../api/hooks.ts';
import type { MailMessage } from '../../../api/types/commerce.ts';
import { may } from '../../../app/area.ts';
import { useSearchState } from '../../../app/address.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  ConfirmDialog,
  DataTable,
  DateText,
  FilterBar,
  PageHeader,
  SelectFilter,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { useNews } from '../shared/news.tsx';
import { State, useWord } from '../shared/state.tsx';

const PATH = '/api/v1/mail-messages';
const STATES = ['Pending', 'Sent', 'Dead', 'Undeliverable'] as const;

interface Filters {
  readonly state?: string | undefined;
  readonly of?: string | undefined;
}

/** E-mail that was sent, waits or could not be sent. */
export default function MailPage(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const word = useWord('op.state');
  const { choices } = useAccountChoices();
  const [{ state, of }, change] = useSearchState<Filters>();
  const list = usePages<MailMessage>(PATH, { state, account: of });
  const [news, tell] = useNews();
  const [replaying, setReplaying] = useState<MailMessage | 'dead'>();
  const mayReplay = may(viewer, 'Stackmeter.Billing/webhooks/write');
  const replay = useChange<object, { readonly messages: number }>(
    (api, which) => api.post(`${PATH}/replay`, which),
    [PATH],
  );
  return (
    <>
      <PageHeader
        title={say('op.mail.nav')}
        description={say('op.mail.text')}
        actions={
          mayReplay && (
            <Button onClick={() => setReplaying('dead')}>{say('op.mail.replayDead')}</Button>
          )
        }
      />
      {news}
      <FilterBar>
        <SelectFilter
          label={say('op.state')}
          all={say('common.all')}
          value={STATES.find((one) => one === state)}
          choices={STATES.map((value) => ({ value, label: word(value) }))}
          onChange={(chosen) => change({ state: chosen })}
        />
        <SelectFilter
          label={say('op.account')}
          all={say('common.all')}
          value={of}
          choices={choices}
          onChange={(id) => change({ of: id })}
        />
      </FilterBar>
      <Messages list={list} onReplay={mayReplay ? setReplaying : undefined} />
      {replaying !== undefined && (
        <ConfirmDialog
          isOpen
          title={say(replaying === 'dead' ? 'op.mail.replayDead' : 'op.mail.replay')}
          confirmLabel={say('op.mail.replay')}
          onConfirm={async () => {
            const which =
              replaying === 'dead' ? { dead: true } : { messageId: replaying.messageId };
            const { messages } = await replay.mutateAsync(which);
            tell({ tone: 'success', text: say('op.messages.replayed', { count: messages }) });
          }}
          onClose={() => setReplaying(undefined)}
        >
          {say('op.mail.replay.text')}
        </ConfirmDialog>
      )}
    </>
  );
}

function Messages({
  list,
  onReplay,
}: {
  readonly list: ReturnType<typeof usePages<MailMessage>>;
  readonly onReplay: ((message: MailMessage) => void) | undefined;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { nameOf } = useAccountChoices();
  return (
    <DataTable
      caption={say('op.mail.nav')}
      isCaptionHidden
      list={list}
      keyOf={({ messageId }) => messageId}
      empty={say('op.mail.empty')}
      columns={[
        { id: 'subject', title: say('op.mail.subject'), cell: ({ subject }) => subject },
        { id: 'to', title: say('op.mail.to'), cell: ({ recipient }) => recipient },
        { id: 'account', title: say('op.account'), cell: (one) => nameOf(one.accountId) },
        { id: 'state', title: say('op.state'), cell: ({ state }) => <State value={state} /> },
        {
          id: 'at',
          title: say('op.at'),
          cell: ({ occurredAt }) => <DateText value={occurredAt} />,
        },
        {
          id: 'sent',
          title: say('op.mail.sentAt'),
          cell: (one) => <DateText value={one.sentAt} />,
        },
        {
          id: 'problem',
          title: say('op.message.last'),
          cell: ({ lastProblem }) => <span lang="en">{lastProblem ?? '-'}</span>,
        },
        {
          id: 'actions',
          title: say('common.actions'),
          cell: (message) =>
            onReplay !== undefined && (
              <Button
                size="small"
                appearance="subtle"
                aria-label={say('op.mail.replayOf', {
                  subject: message.subject,
                  at: formats.time(message.occurredAt),
                })}
                onClick={() => onReplay(message)}
              >
                {say('op.mail.replay')}
              </Button>
            ),
        },
      ]}
    />
  );
}
