import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useAnswer, useChange } from '../../../api/hooks.ts';
import type { QuarantineEntry, ReplayResult } from '../../../api/types/stamp.ts';
import { may } from '../../../app/area.ts';
import { usePart } from '../../../app/address.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  Code,
  ConfirmDialog,
  CopyButton,
  DateText,
  Facts,
  PageHeader,
  PageLink,
  Section,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';
import { Fields, LongTextField } from '../shared/fields.tsx';
import { useNews, type News } from '../shared/news.tsx';
import { SourceText } from '../shared/source-text.tsx';
import { editable, indented } from '../shared/text-of-machines.ts';
import { State } from '../shared/state.tsx';

const LIST = '/api/v1/quarantine';

/** One record that could not be counted: its bytes, and what to do about it. */
export default function QuarantinedPage(): ReactNode {
  const say = useSay();
  const id = usePart('id');
  const answer = useAnswer<QuarantineEntry>(`${LIST}/${encodeURIComponent(id)}`);
  const [news, tell] = useNews();
  return (
    <Answered answer={answer} isPage>
      {(entry) => (
        <>
          <PageHeader
            title={say('op.quarantine.title', { id: entry.quarantineId })}
            trail={<PageLink to="/quarantine">{say('op.quarantine.nav')}</PageLink>}
            actions={entry.state === 'held' && <Decisions entry={entry} tell={tell} />}
          />
          {news}
          <EntryFacts entry={entry} />
          <Section
            title={say('op.quarantine.body')}
            actions={
              <div>
                <CopyButton text={entry.body}>{say('op.copy')}</CopyButton>
              </div>
            }
          >
            <SourceText label={say('op.quarantine.body')}>{indented(entry.body)}</SourceText>
          </Section>
        </>
      )}
    </Answered>
  );
}

function EntryFacts({ entry }: { readonly entry: QuarantineEntry }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  return (
    <Facts
      items={[
        { label: say('op.state'), value: <State value={entry.state} /> },
        { label: say('op.quarantine.code'), value: <Code>{entry.code}</Code> },
        { label: say('op.quarantine.message'), value: <span lang="en">{entry.message}</span> },
        { label: say('op.quarantine.source'), value: entry.source && <Code>{entry.source}</Code> },
        { label: say('op.quarantine.recordId'), value: entry.id && <Code>{entry.id}</Code> },
        {
          label: say('op.quarantine.sender'),
          value: (
            <PageLink to="/principals/$id" params={{ id: entry.clientId }}>
              <Code>{entry.clientId}</Code>
            </PageLink>
          ),
        },
        {
          label: say('op.quarantine.first'),
          value: <DateText value={entry.firstReceivedAt} precision="second" />,
        },
        {
          label: say('op.quarantine.last'),
          value: <DateText value={entry.lastReceivedAt} precision="second" />,
        },
        {
          label: say('op.quarantine.occurrences'),
          value: formats.decimal(entry.occurrences),
        },
        { label: say('op.quarantine.bytes'), value: formats.decimal(entry.bodyBytes) },
        {
          label: say('op.quarantine.resolved'),
          value: entry.resolvedAt && <DateText value={entry.resolvedAt} precision="second" />,
        },
        { label: say('op.quarantine.resolution'), value: entry.resolution },
      ]}
    />
  );
}

interface DecisionProps {
  readonly entry: QuarantineEntry;
  readonly tell: (news: News) => void;
}

function Decisions({ entry, tell }: DecisionProps): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const [dialog, setDialog] = useState<'replay' | 'discard'>();
  const close = (): void => setDialog(undefined);
  if (!may(viewer, 'Stackmeter.Metering/quarantine/write')) return null;
  return (
    <>
      <Button appearance="primary" onClick={() => setDialog('replay')}>
        {say('op.quarantine.replay')}
      </Button>
      <Button onClick={() => setDialog('discard')}>{say('op.quarantine.discard')}</Button>
      {dialog === 'replay' && <ReplayDialog entry={entry} tell={tell} onClose={close} />}
      {dialog === 'discard' && <DiscardDialog entry={entry} tell={tell} onClose={close} />}
    </>
  );
}

/** Sent again as it came, or mended in the dialog. */
function ReplayDialog({
  entry,
  tell,
  onClose,
}: DecisionProps & { readonly onClose: () => void }): ReactNode {
  const say = useSay();
  const received = editable(entry.body);
  const [body, setBody] = useState(received);
  // Read by the server and not here: here its quantities could lose digits.
  const replay = useChange<undefined, ReplayResult>(
    (api) =>
      api.post(
        `${LIST}/${entry.quarantineId}/replay`,
        body === received ? undefined : new Blob([body], { type: 'application/cloudevents+json' }),
      ),
    [LIST],
  );
  const confirm = async (): Promise<void> => {
    const result = await replay.mutateAsync(undefined);
    if (result.state === 'held') {
      const { code, message } = result;
      tell({ tone: 'warning', text: say('op.quarantine.heldAgain', { code, message }) });
    } else {
      const text = say(result.counted ? 'op.quarantine.replayed' : 'op.quarantine.replayedBefore');
      tell({ tone: 'success', text });
    }
  };
  return (
    <ConfirmDialog
      isOpen
      title={say('op.quarantine.replay.title')}
      confirmLabel={say('op.quarantine.replay')}
      canConfirm={body.trim() !== ''}
      onConfirm={confirm}
      onClose={onClose}
    >
      {say('op.quarantine.replay.text')}
      <Fields>
        <LongTextField
          label={say('op.quarantine.body')}
          value={body}
          onChange={setBody}
          rows={12}
          longest={200_000}
          isCode
        />
      </Fields>
    </ConfirmDialog>
  );
}

function DiscardDialog({
  entry,
  tell,
  onClose,
}: DecisionProps & { readonly onClose: () => void }): ReactNode {
  const say = useSay();
  const [reason, setReason] = useState('');
  const discard = useChange(
    (api) => api.post(`${LIST}/${entry.quarantineId}/discard`, { reason }),
    [LIST],
  );
  return (
    <ConfirmDialog
      isOpen
      title={say('op.quarantine.discard.title')}
      confirmLabel={say('op.quarantine.discard')}
      canConfirm={reason.trim() !== ''}
      onConfirm={async () => {
        await discard.mutateAsync(undefined);
        tell({ tone: 'success', text: say('op.quarantine.discarded') });
      }}
      onClose={onClose}
    >
      {say('op.quarantine.discard.text')}
      <Fields>
        <LongTextField
          label={say('common.reason')}
          value={reason}
          onChange={setReason}
          isRequired
        />
      </Fields>
    </ConfirmDialog>
  );
}
