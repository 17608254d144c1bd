import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useAnswer, useChange, usePages } from '../../../api/hooks.ts';
import type {
  CommerceSubscription,
  CustomerSubscription,
  Registration,
} from '../../../api/types/commerce.ts';
import { may } from '../../../app/area.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  Code,
  ConfirmDialog,
  DataTable,
  DateText,
  Facts,
  Notice,
  PageHeader,
  PageLink,
  Section,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';
import { useNews } from '../shared/news.tsx';
import { REGISTRATION_VERSION } from '../shared/provider.ts';
import { State, useWord } from '../shared/state.tsx';
import { useRegistration } from './registration-path.ts';
import { Expiry } from './registrations-page.tsx';

const VERSION = { 'api-version': REGISTRATION_VERSION };

/** One registration, and where the usage of which directory goes. */
export default function RegistrationPage(): ReactNode {
  const say = useSay();
  const { path, name } = useRegistration();
  const answer = useAnswer<Registration>(path, VERSION);
  return (
    <Answered answer={answer} isPage>
      {(one) => (
        <>
          <PageHeader
            title={name}
            trail={<PageLink to="/registrations">{say('op.registrations.nav')}</PageLink>}
          />
          <RegistrationFacts one={one} />
          <Mappings />
        </>
      )}
    </Answered>
  );
}

function RegistrationFacts({ one: { properties } }: { readonly one: Registration }): ReactNode {
  const say = useSay();
  const model = useWord('op.billingModel');
  const onOff = (isOn: boolean | undefined): string => say(isOn === true ? 'op.on' : 'op.off');
  return (
    <>
      {properties.warning !== undefined && <Notice tone="warning">{properties.warning}</Notice>}
      <Facts
        items={[
          { label: say('op.state'), value: <State value={properties.status} /> },
          { label: say('op.registration.model'), value: model(properties.billingModel) },
          {
            label: say('op.registration.expires'),
            value: <Expiry at={properties.expiration} />,
          },
          {
            label: say('op.registration.reporting'),
            value: onOff(properties.usageReportingEnabled),
          },
          { label: say('op.registration.agreement'), value: properties.agreementNumber },
          { label: say('op.registration.asset'), value: properties.assetTag },
          {
            label: say('op.registration.id'),
            value: properties.registrationId && <Code>{properties.registrationId}</Code>,
          },
          { label: say('op.registration.cloud'), value: <Code>{properties.cloudId}</Code> },
        ]}
      />
    </>
  );
}

function Mappings(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const { path, subscription, group, name } = useRegistration();
  const list = usePages<CustomerSubscription>(`${path}/customerSubscriptions`, VERSION);
  const known = usePages<CommerceSubscription>('/api/v1/commerce-subscriptions');
  const [news, tell] = useNews();
  const [ending, setEnding] = useState<CustomerSubscription>();
  const nameOf = (id: string): string =>
    known.items.find(({ subscriptionId }) => subscriptionId === id)?.displayName ?? id;
  const end = useChange(
    (api, one: CustomerSubscription) =>
      api.delete(`${path}/customerSubscriptions/${one.name}`, {
        query: VERSION,
        headers: { 'if-match': one.etag },
      }),
    [path],
  );
  const mayEnd = may(viewer, 'Microsoft.AzureStack/registrations/customerSubscriptions/delete');
  return (
    <Section
      title={say('op.mappings')}
      actions={
        may(viewer, 'Microsoft.AzureStack/registrations/customerSubscriptions/write') && (
          <PageLink
            to="/registrations/$subscription/$group/$name/map"
            params={{ subscription, group, name }}
          >
            {say('op.mapping.new')}
          </PageLink>
        )
      }
    >
      {news}
      <MappingTable list={list} nameOf={nameOf} onEnd={mayEnd ? setEnding : undefined} />
      {ending !== undefined && (
        <ConfirmDialog
          isOpen
          title={say('op.mapping.end')}
          confirmLabel={say('op.mapping.end')}
          onConfirm={async () => {
            await end.mutateAsync(ending);
            tell({ tone: 'success', text: say('op.mapping.ended', { name: nameOf(ending.name) }) });
          }}
          onClose={() => setEnding(undefined)}
        >
          {say('op.mapping.end.text', { name: nameOf(ending.name) })}
        </ConfirmDialog>
      )}
    </Section>
  );
}

function MappingTable({
  list,
  nameOf,
  onEnd,
}: {
  readonly list: ReturnType<typeof usePages<CustomerSubscription>>;
  readonly nameOf: (id: string) => string;
  readonly onEnd: ((one: CustomerSubscription) => void) | undefined;
}): ReactNode {
  const say = useSay();
  return (
    <DataTable
      caption={say('op.mappings')}
      isCaptionHidden
      list={list}
      keyOf={({ id, properties }) => `${id} ${properties.tenantId} ${properties.effectiveFrom}`}
      empty={say('op.mappings.empty')}
      columns={[
        { id: 'customer', title: say('op.mapping.customer'), cell: ({ name }) => nameOf(name) },
        {
          id: 'tenant',
          title: say('op.tenantId'),
          cell: ({ properties }) => <Code>{properties.tenantId}</Code>,
        },
        {
          id: 'from',
          title: say('op.from'),
          cell: ({ properties }) => <DateText value={properties.effectiveFrom} />,
        },
        {
          id: 'to',
          title: say('op.until'),
          cell: ({ properties }) => <DateText value={properties.effectiveTo} />,
        },
        {
          id: 'shared',
          title: say('op.mapping.shared'),
          cell: ({ properties }) =>
            say(
              properties.inheritedFrom !== undefined
                ? 'op.mapping.inherited'
                : properties.shared
                  ? 'op.yes'
                  : 'op.no',
            ),
        },
        {
          id: 'actions',
          title: say('common.actions'),
          cell: (one) =>
            onEnd !== undefined &&
            one.properties.inheritedFrom === undefined && (
              <Button
                size="small"
                aria-label={say('op.mapping.endOf', { name: nameOf(one.name) })}
                onClick={() => onEnd(one)}
              >
                {say('op.mapping.end')}
              </Button>
            ),
        },
      ]}
    />
  );
}
