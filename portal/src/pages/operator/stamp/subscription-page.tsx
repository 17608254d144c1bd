import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useAnswer, useChange, usePages } from '../../../api/hooks.ts';
import type {
  AcquiredPlan,
  StampSubscription,
  SubscriptionState,
} from '../../../api/types/stamp.ts';
import { may } from '../../../app/area.ts';
import { usePart } from '../../../app/address.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  Code,
  ConfirmDialog,
  DataTable,
  DateText,
  Facts,
  PageHeader,
  PageLink,
  Section,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';
import { Fields, SelectField } from '../shared/fields.tsx';
import { useNews } from '../shared/news.tsx';
import { DIRECTORY_VERSION, directoryPath, useTenants } from '../shared/provider.ts';
import { State, useWord } from '../shared/state.tsx';
import { WithProvider } from '../shared/with-provider.tsx';
import { RoleAssignments } from './role-assignments.tsx';

/** One subscription with its plans and who has which role on it. */
export default function SubscriptionPage(): ReactNode {
  return <WithProvider>{(providerId) => <Subscription providerId={providerId} />}</WithProvider>;
}

function Subscription({ providerId }: { readonly providerId: string }): ReactNode {
  const say = useSay();
  const path = directoryPath(providerId, `subscriptions/${usePart('id')}`);
  const answer = useAnswer<StampSubscription>(path, {
    'api-version': DIRECTORY_VERSION,
    includeIndirect: true,
  });
  const viewer = useViewer();
  const [news, tell] = useNews();
  const [isChanging, setChanging] = useState(false);
  const trail = <PageLink to="/subscriptions">{say('op.subscriptions.nav')}</PageLink>;
  return (
    <Answered answer={answer} isPage>
      {(one) => (
        <>
          <PageHeader
            title={one.displayName}
            trail={trail}
            actions={
              may(viewer, 'Microsoft.Subscriptions.Admin/write') && (
                <Button onClick={() => setChanging(true)}>{say('op.changeState')}</Button>
              )
            }
          />
          {news}
          <SubscriptionFacts providerId={providerId} one={one} />
          <Plans path={path} />
          <RoleAssignments subscriptionId={one.subscriptionId} />
          {isChanging && (
            <StateDialog
              path={path}
              one={one}
              onClose={(told) => {
                setChanging(false);
                if (told !== undefined) tell({ tone: 'success', text: told });
              }}
            />
          )}
        </>
      )}
    </Answered>
  );
}

function SubscriptionFacts({
  providerId,
  one,
}: {
  readonly providerId: string;
  readonly one: StampSubscription;
}): ReactNode {
  const say = useSay();
  const { nameOf } = useTenants(providerId);
  return (
    <Facts
      items={[
        { label: say('op.state'), value: <State value={one.state} /> },
        { label: say('op.subscriptionId'), value: <Code>{one.subscriptionId}</Code> },
        { label: say('op.owner'), value: one.owner },
        { label: say('op.tenant'), value: nameOf(one.tenantId) },
        { label: say('op.offer'), value: one.offerId?.split('/').at(-1) },
        {
          label: say('op.provider'),
          value: one.delegatedProviderSubscriptionId && (
            <Code>{one.delegatedProviderSubscriptionId}</Code>
          ),
        },
        { label: say('op.externalReference'), value: one.externalReferenceId },
        {
          label: say('op.usage'),
          value: (
            <PageLink to="/usage" search={{ filters: [`subscription=${one.subscriptionId}`] }}>
              {say('op.usageOf', { name: one.displayName })}
            </PageLink>
          ),
        },
      ]}
    />
  );
}

function Plans({ path }: { readonly path: string }): ReactNode {
  const say = useSay();
  const list = usePages<AcquiredPlan>(`${path}/acquiredPlans`, {
    'api-version': DIRECTORY_VERSION,
    includeIndirect: true,
  });
  return (
    <Section title={say('op.plans')}>
      <DataTable
        caption={say('op.plans')}
        isCaptionHidden
        keyOf={(plan) => plan.acquisitionId}
        list={list}
        empty={say('op.plans.empty')}
        columns={[
          { id: 'plan', title: say('op.plan'), cell: (plan) => plan.planId.split('/').at(-1) },
          {
            id: 'state',
            title: say('op.state'),
            cell: (plan) => plan.provisioningState ?? '-',
          },
          {
            id: 'since',
            title: say('op.since'),
            cell: (plan) => <DateText value={plan.acquisitionTime} />,
          },
        ]}
      />
    </Section>
  );
}

/** States that an operator puts a subscription into by hand; deleting has steps of its own at the command line. */
const CHOSEN: readonly SubscriptionState[] = ['Enabled', 'Warned', 'PastDue', 'Disabled'];

function StateDialog({
  path,
  one,
  onClose,
}: {
  readonly path: string;
  readonly one: StampSubscription;
  /** With what to tell, when it was done. */
  readonly onClose: (told?: string) => void;
}): ReactNode {
  const say = useSay();
  const word = useWord('op.state');
  const [state, setState] = useState<string>(one.state === 'Enabled' ? 'Disabled' : 'Enabled');
  const change = useChange(
    (api) =>
      api.patch(
        path,
        { state },
        { query: { 'api-version': DIRECTORY_VERSION, includeIndirect: true } },
      ),
    ['/subscriptions/'],
  );
  const told = say('op.changeState.done', { name: one.displayName, state: word(state) });
  return (
    <ConfirmDialog
      isOpen
      title={say('op.changeState.title', { name: one.displayName })}
      confirmLabel={say('op.changeState')}
      canConfirm={state !== one.state}
      onConfirm={() => change.mutateAsync(undefined)}
      onClose={(wasDone) => onClose(wasDone ? told : undefined)}
    >
      {say(`op.changeState.text.${state}`)}
      <Fields>
        <SelectField
          label={say('op.state')}
          value={state}
          onChange={setState}
          choices={CHOSEN.map((value) => ({ value, label: word(value) }))}
        />
      </Fields>
    </ConfirmDialog>
  );
}
