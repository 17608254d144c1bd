import type { ReactNode } from 'react';
import { useAnswer, usePages } from '../../../api/hooks.ts';
import type {
  AccountDetail,
  AccountPricing,
  AccountTerm,
  BillingProblems,
} from '../../../api/types/commerce.ts';
import { usePart } from '../../../app/address.ts';
import {
  Code,
  DataTable,
  DateText,
  Facts,
  PageHeader,
  PageLink,
  Percent,
  Section,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { Answered } from '../shared/answered.tsx';
import { useWord } from '../shared/state.tsx';
import { AccountPeriods } from './account-periods.tsx';
import { BillingProblemTables } from './billing-problems.tsx';

const DIGITS = 6;

/** One account: who it is, its periods, at which prices and on which terms it buys. */
export default function AccountPage(): ReactNode {
  const say = useSay();
  const path = `/api/v1/accounts/${encodeURIComponent(usePart('id'))}`;
  const answer = useAnswer<AccountDetail>(path);
  return (
    <Answered answer={answer} isPage>
      {(account) => (
        <>
          <PageHeader
            title={account.name}
            trail={<PageLink to="/accounts">{say('op.accounts.nav')}</PageLink>}
            actions={<Elsewhere account={account} />}
          />
          <AccountFacts account={account} />
          <Problems accountId={account.accountId} />
          {account.kind !== 'provider' && (
            <>
              <AccountPeriods account={account} path={path} />
              <Pricing path={path} />
              <Terms path={path} />
            </>
          )}
        </>
      )}
    </Answered>
  );
}

function Elsewhere({ account: { accountId } }: { readonly account: AccountDetail }): ReactNode {
  const say = useSay();
  const search = { account: accountId };
  return (
    <>
      <PageLink to="/invoices" search={search}>
        {say('op.account.invoices')}
      </PageLink>
      <PageLink to="/cost" search={search}>
        {say('op.account.cost')}
      </PageLink>
      <PageLink to="/ledger" search={{ ...search, party: accountId }}>
        {say('op.ledger.nav')}
      </PageLink>
    </>
  );
}

function AccountFacts({ account }: { readonly account: AccountDetail }): ReactNode {
  const say = useSay();
  const word = useWord('op.accountKind');
  const late = useWord('op.lateUsage');
  const { nameOf } = useAccountChoices();
  const { street, postalCode, city, country, parentId } = account;
  const place = [street, `${postalCode ?? ''} ${city ?? ''}`.trim(), country];
  const days = (count: number | undefined): string | undefined =>
    count === undefined ? undefined : say('op.days', { count });
  return (
    <Facts
      items={[
        { label: say('op.kind'), value: word(account.kind) },
        {
          label: say('op.account.seller'),
          value: parentId && (
            <PageLink to="/accounts/$id" params={{ id: parentId }}>
              {nameOf(parentId)}
            </PageLink>
          ),
        },
        { label: say('op.currency'), value: account.currency },
        { label: say('op.account.address'), value: place.filter((part) => part).join(', ') },
        { label: say('op.account.taxId'), value: account.taxId },
        { label: say('op.account.email'), value: account.email },
        { label: say('op.account.iban'), value: account.iban && <Code>{account.iban}</Code> },
        { label: say('op.account.timeZone'), value: account.timeZone },
        { label: say('op.account.billingDay'), value: account.billingDay },
        {
          label: say('op.account.waitHours'),
          value:
            account.waitHours === undefined
              ? undefined
              : say('op.hours', { count: account.waitHours }),
        },
        { label: say('op.account.reviewDays'), value: days(account.reviewDays) },
        { label: say('op.account.paymentDays'), value: days(account.paymentDays) },
        {
          label: say('op.account.lateUsage'),
          value: account.lateUsage && late(account.lateUsage),
        },
        {
          label: say('op.subscriptionId'),
          value: account.subscriptionId && <Code>{account.subscriptionId}</Code>,
        },
        { label: say('op.id'), value: <Code>{account.accountId}</Code> },
      ]}
    />
  );
}

function Problems({ accountId }: { readonly accountId: string }): ReactNode {
  const answer = useAnswer<BillingProblems>('/api/v1/billing-problems', { account: accountId });
  return (
    <Answered answer={answer}>
      {(problems) =>
        problems.value.length + problems.documents.length > 0 && (
          <BillingProblemTables problems={problems} />
        )
      }
    </Answered>
  );
}

function Pricing({ path }: { readonly path: string }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const list = usePages<AccountPricing>(`${path}/pricing`);
  return (
    <Section title={say('op.account.pricing')}>
      <DataTable
        caption={say('op.account.pricing')}
        isCaptionHidden
        list={list}
        keyOf={({ version }) => String(version)}
        empty={say('op.account.pricing.empty')}
        columns={[
          {
            id: 'from',
            title: say('op.from'),
            cell: ({ effectiveFrom }) => <DateText value={effectiveFrom} />,
          },
          {
            id: 'list',
            title: say('op.priceList'),
            cell: ({ priceListId }) =>
              priceListId === undefined ? (
                say('op.account.pricing.seller')
              ) : (
                <PageLink to="/price-lists/$id" params={{ id: priceListId }}>
                  {priceListId}
                </PageLink>
              ),
          },
          {
            id: 'markup',
            title: say('op.account.markup'),
            align: 'end',
            cell: ({ markupPercent }) =>
              markupPercent === undefined ? '-' : <Percent value={markupPercent} digits={DIGITS} />,
          },
          {
            id: 'version',
            title: say('op.version'),
            align: 'end',
            cell: ({ version }) => formats.count(version),
          },
        ]}
      />
    </Section>
  );
}

function Terms({ path }: { readonly path: string }): ReactNode {
  const say = useSay();
  const word = useWord('op.termKind');
  const list = usePages<AccountTerm>(`${path}/terms`);
  return (
    <Section title={say('op.account.terms')}>
      <DataTable
        caption={say('op.account.terms')}
        isCaptionHidden
        list={list}
        keyOf={({ termId }) => termId}
        empty={say('op.account.terms.empty')}
        columns={[
          { id: 'name', title: say('op.name'), cell: ({ name }) => name },
          { id: 'kind', title: say('op.kind'), cell: ({ definition }) => word(definition.kind) },
          {
            id: 'from',
            title: say('op.from'),
            cell: ({ effectiveFrom }) => <DateText value={effectiveFrom} />,
          },
          {
            id: 'to',
            title: say('op.until'),
            cell: ({ effectiveTo }) => <DateText value={effectiveTo} />,
          },
        ]}
      />
    </Section>
  );
}
