import type { ReactNode } from 'react';
import { useAnswer } from '../../../api/hooks.ts';
import type { Emitter, Emitters } from '../../../api/types/stamp.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  Code,
  DataTable,
  DateText,
  FilterBar,
  Notice,
  PageHeader,
  PageLink,
  SelectFilter,
  StateBadge,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';

interface Filters {
  readonly show?: string | undefined;
  readonly hours?: string | undefined;
}

const HOURS = ['1', '24', '168', '744'] as const;
const EVERY_MS = 60_000;

/** Who emits for which resource provider, and who has stopped. */
export default function EmittersPage(): ReactNode {
  const say = useSay();
  const [{ show, hours = '24' }, change] = useSearchState<Filters>();
  const answer = useAnswer<Emitters>(
    '/api/v1/emitters',
    { hours },
    { keep: true, every: EVERY_MS },
  );
  return (
    <>
      <PageHeader title={say('op.emitters.nav')} description={say('op.emitters.text')} />
      <FilterBar>
        <SelectFilter
          label={say('op.emitters.show')}
          value={show === 'silent' ? 'silent' : 'all'}
          choices={[
            { value: 'all', label: say('common.all') },
            { value: 'silent', label: say('op.emitters.silentOnly') },
          ]}
          onChange={(chosen) => change({ show: chosen === 'silent' ? chosen : undefined })}
        />
        <SelectFilter
          label={say('op.emitters.hours')}
          value={HOURS.find((one) => one === hours) ?? '24'}
          choices={HOURS.map((value) => ({ value, label: say(`op.emitters.hours.${value}`) }))}
          onChange={(chosen) => change({ hours: chosen })}
        />
      </FilterBar>
      <Answered answer={answer}>
        {({ value, more }) => <List all={value} more={more} onlySilent={show === 'silent'} />}
      </Answered>
    </>
  );
}

function List({
  all,
  more,
  onlySilent,
}: {
  readonly all: readonly Emitter[];
  readonly more: boolean;
  readonly onlySilent: boolean;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const isSilent = ({ silentSince, disabled }: Emitter): boolean =>
    silentSince !== undefined && !disabled;
  const silent = all.filter(isSilent).length;
  return (
    <>
      {silent > 0 && (
        <Notice tone="warning">{say('op.emitters.silentCount', { count: silent })}</Notice>
      )}
      {more && <Notice>{say('op.emitters.more')}</Notice>}
      <DataTable
        caption={say('op.emitters.nav')}
        isCaptionHidden
        items={onlySilent ? all.filter(isSilent) : all}
        keyOf={({ principalId, provider }) => `${principalId} ${provider ?? ''}`}
        empty={say(onlySilent ? 'op.emitters.noneSilent' : 'op.emitters.empty')}
        columns={[
          {
            id: 'name',
            title: say('op.emitter'),
            cell: ({ name, principalId }) =>
              name === undefined ? (
                <Code>{principalId}</Code>
              ) : (
                <PageLink to="/principals/$id" params={{ id: principalId }}>
                  {name}
                </PageLink>
              ),
          },
          {
            id: 'provider',
            title: say('op.namespace'),
            cell: ({ provider }) => provider ?? say('op.emitters.any'),
          },
          { id: 'state', title: say('op.state'), cell: (one) => <EmitterState one={one} /> },
          {
            id: 'last',
            title: say('op.emitters.last'),
            cell: ({ lastRecordAt }) =>
              lastRecordAt === undefined ? (
                say('op.emitters.never')
              ) : (
                <DateText value={lastRecordAt} />
              ),
          },
          {
            id: 'records',
            title: say('op.records'),
            align: 'end',
            cell: ({ records }) => formats.decimal(records),
          },
        ]}
      />
    </>
  );
}

function EmitterState({ one }: { readonly one: Emitter }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { disabled, silentSince, lastRecordAt } = one;
  if (disabled) return <StateBadge tone="neutral">{say('op.state.Disabled')}</StateBadge>;
  if (silentSince === undefined) {
    return <StateBadge tone="good">{say('op.emitters.emits')}</StateBadge>;
  }
  if (lastRecordAt === undefined) {
    return <StateBadge tone="warning">{say('op.emitters.neverSent')}</StateBadge>;
  }
  const since = formats.time(silentSince);
  return <StateBadge tone="bad">{say('op.emitters.silentSince', { since })}</StateBadge>;
}
