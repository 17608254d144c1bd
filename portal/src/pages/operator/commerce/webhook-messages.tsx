import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useChange, usePages } from '../../../api/hooks.ts';
import type { WebhookMessage } from '../../../api/types/commerce.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  ConfirmDialog,
  DataTable,
  DateText,
  FilterBar,
  Section,
  SelectFilter,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import type { News } from '../shared/news.tsx';
import { SourceText } from '../shared/source-text.tsx';
import { indented } from '../shared/text-of-machines.ts';
import { State, useWord } from '../shared/state.tsx';

const STATES = ['Pending', 'Delivered', 'Dead'] as const;

interface Replayed {
  readonly messages: number;
}

/** What was sent to an endpoint and what waits; any of it can be sent again. */
export function WebhookMessages({
  path,
  mayReplay,
  tell,
}: {
  readonly path: string;
  readonly mayReplay: boolean;
  readonly tell: (news: News) => void;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const word = useWord('op.state');
  const [{ state }, change] = useSearchState<{ readonly state?: string | undefined }>();
  const list = usePages<WebhookMessage>(`${path}/messages`, { state });
  /** One message, or all that were given up. */
  const [replaying, setReplaying] = useState<WebhookMessage | 'dead'>();
  const [shown, setShown] = useState<WebhookMessage>();
  const replay = useChange<object, Replayed>(
    (api, which) => api.post(`${path}/replay`, which),
    [path],
  );
  return (
    <Section
      title={say('op.messages')}
      actions={
        mayReplay && (
          <Button onClick={() => setReplaying('dead')}>{say('op.messages.replayDead')}</Button>
        )
      }
    >
      <FilterBar>
        <SelectFilter
          label={say('op.state')}
          all={say('common.all')}
          value={STATES.find((one) => one === state)}
          choices={STATES.map((value) => ({ value, label: word(value) }))}
          onChange={(chosen) => change({ state: chosen })}
        />
      </FilterBar>
      <Messages list={list} onShow={setShown} onReplay={mayReplay ? setReplaying : undefined} />
      {shown !== undefined && (
        <Section title={say('op.message.title', { at: formats.time(shown.occurredAt) })}>
          <SourceText label={say('op.message.content')}>{indented(shown.payload)}</SourceText>
        </Section>
      )}
      {replaying !== undefined && (
        <ConfirmDialog
          isOpen
          title={say(replaying === 'dead' ? 'op.messages.replayDead' : 'op.message.replay')}
          confirmLabel={say('op.message.replay')}
          onConfirm={async () => {
            const which =
              replaying === 'dead' ? { dead: true } : { messageId: replaying.messageId };
            const { messages } = await replay.mutateAsync(which);
            tell({ tone: 'success', text: say('op.messages.replayed', { count: messages }) });
          }}
          onClose={() => setReplaying(undefined)}
        >
          {say('op.message.replay.text')}
        </ConfirmDialog>
      )}
    </Section>
  );
}

function Messages({
  list,
  onShow,
  onReplay,
}: {
  readonly list: ReturnType<typeof usePages<WebhookMessage>>;
  readonly onShow: (message: WebhookMessage) => void;
  readonly onReplay: ((message: WebhookMessage) => void) | undefined;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const event = useWord('op.event');
  return (
    <DataTable
      caption={say('op.messages')}
      isCaptionHidden
      list={list}
      keyOf={({ messageId }) => messageId}
      empty={say('op.messages.empty')}
      columns={[
        {
          id: 'at',
          title: say('op.at'),
          cell: ({ occurredAt }) => <DateText value={occurredAt} precision="second" />,
        },
        { id: 'type', title: say('op.message.type'), cell: ({ type }) => event(type) },
        { id: 'state', title: say('op.state'), cell: ({ state }) => <State value={state} /> },
        {
          id: 'attempts',
          title: say('op.attempts'),
          align: 'end',
          cell: ({ attempts }) => formats.count(attempts),
        },
        {
          id: 'problem',
          title: say('op.message.last'),
          cell: ({ lastStatus, lastProblem }) => (
            <span lang="en">{[lastStatus, lastProblem].filter(Boolean).join(' ') || '-'}</span>
          ),
        },
        {
          id: 'next',
          title: say('op.nextAttempt'),
          cell: ({ nextAttemptAt }) => <DateText value={nextAttemptAt} />,
        },
        {
          id: 'actions',
          title: say('common.actions'),
          cell: (message) => {
            const at = formats.time(message.occurredAt, 'second');
            return (
              <>
                <Button
                  size="small"
                  appearance="subtle"
                  aria-label={say('op.message.showOf', { at })}
                  onClick={() => onShow(message)}
                >
                  {say('op.message.show')}
                </Button>
                {onReplay !== undefined && (
                  <Button
                    size="small"
                    appearance="subtle"
                    aria-label={say('op.message.replayOf', { at })}
                    onClick={() => onReplay(message)}
                  >
                    {say('op.message.replay')}
                  </Button>
                )}
              </>
            );
          },
        },
      ]}
    />
  );
}
