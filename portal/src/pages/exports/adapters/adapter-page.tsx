import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useAccount } from '../../../app/account.ts';
import { usePart } from '../../../app/address.ts';
import { may } from '../../../app/area.ts';
import { useViewer } from '../../../app/viewer.tsx';
import { asApiError, useAnswer, useChange } from '../../../api/hooks.ts';
import type { Adapter } from '../../../api/types/adapters.ts';
import {
  ConfirmDialog,
  DateText,
  ErrorNotice,
  Facts,
  Loading,
  Notice,
  PageHeader,
  PageLink,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { AdapterState, useKindName } from './adapter-state.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { Deliveries } from './deliveries.tsx';
import { DryRunSection } from './dry-run.tsx';
import { ADAPTERS, adapterPath } from './paths.ts';

/** An adapter: how far it is, what it would send, and what was refused. */
export default function AdapterPage(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const adapterId = usePart('adapter');
  const { data, error, refetch } = useAnswer<Adapter>(adapterPath(adapterId), undefined, {
    every: 30_000,
  });
  const canWrite = may(viewer, 'Stackmeter.Billing/adapters/write');
  return (
    <>
      <PageHeader
        title={data?.name ?? say('adapters.title')}
        trail={<PageLink to="/adapters">{say('adapters.title')}</PageLink>}
        {...(data !== undefined && canWrite && { actions: <Actions adapter={data} /> })}
      />
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          {data.problem !== undefined && <Problem adapter={data} />}
          {data.held !== undefined && data.held > 0 && <Held count={data.held} />}
          <Standing adapter={data} />
          <DeadLetters adapterId={adapterId} canReplay={canWrite} />
          <Deliveries adapterId={adapterId} />
          {canWrite && <DryRunSection adapterId={adapterId} />}
        </>
      )}
    </>
  );
}

interface Shown {
  readonly adapter: Adapter;
}

function Actions({ adapter }: Shown): ReactNode {
  const say = useSay();
  return (
    <>
      <PageLink to="/adapters/$adapter/edit" params={{ adapter: adapter.adapterId }}>
        {say('adapters.edit')}
      </PageLink>
      <Switch adapter={adapter} />
    </>
  );
}

/** What keeps it from delivering, and when it tries again. */
function Problem({ adapter: { problem, state, nextAttemptAt } }: Shown): ReactNode {
  const say = useSay();
  return (
    <Notice tone={state === 'Parked' ? 'error' : 'warning'} title={say('adapters.problem')}>
      <span lang="en">{problem}</span> {state === 'Parked' && say('adapters.problem.parked')}
      {state === 'Enabled' && nextAttemptAt !== undefined && (
        <>
          {say('adapters.problem.again')} <DateText value={nextAttemptAt} />
        </>
      )}
    </Notice>
  );
}

function Held({ count }: { readonly count: number }): ReactNode {
  const say = useSay();
  return (
    <Notice tone="warning" title={say('adapters.held.title', { count })}>
      {say('adapters.held.text')}
    </Notice>
  );
}

/** Pausing asks first: usage is late elsewhere from then on. */
function Switch({ adapter: { adapterId, name, state } }: Shown): ReactNode {
  const say = useSay();
  const [isAsking, ask] = useState(false);
  const change = useChange<Adapter['state'], Adapter>(
    (api, wanted) => api.put(adapterPath(adapterId), { state: wanted }),
    [ADAPTERS],
  );
  return (
    <div>
      {state === 'Enabled' ? (
        <Button onClick={() => ask(true)}>{say('adapters.pause')}</Button>
      ) : (
        <Button appearance="primary" onClick={() => change.mutate('Enabled')}>
          {say('adapters.resume')}
        </Button>
      )}
      {isAsking ? (
        <ConfirmDialog
          isOpen
          title={say('adapters.pause.title', { name })}
          confirmLabel={say('adapters.pause')}
          onConfirm={() => change.mutateAsync('Disabled')}
          onClose={() => ask(false)}
        >
          {say('adapters.pause.text')}
        </ConfirmDialog>
      ) : (
        <ErrorNotice error={asApiError(change.error)} />
      )}
    </div>
  );
}

function Standing({ adapter }: Shown): ReactNode {
  const say = useSay();
  const kindName = useKindName();
  const { nameOf } = useAccount();
  const { kind, accountId, deliveredTo, lagHours } = adapter;
  return (
    <Facts
      items={[
        { label: say('adapters.state'), value: <AdapterState adapter={adapter} /> },
        { label: say('adapters.kind'), value: kindName(kind) },
        { label: say('adapters.account'), value: nameOf(accountId) },
        {
          label: say('adapters.deliveredTo'),
          value: deliveredTo && <DateText value={deliveredTo} />,
        },
        {
          label: say('adapters.lag'),
          value: lagHours === undefined ? '' : say('adapters.lag.hours', { count: lagHours }),
        },
      ]}
    />
  );
}
