import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { asApiError, useAnswer, useChange, usePages } from '../../../api/hooks.ts';
import type {
  PriceList,
  PriceListVersion,
  PriceListVersions,
  WhatIfLine,
} from '../../../api/types/commerce.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  ErrorNotice,
  FilterBar,
  Notice,
  PageHeader,
  PageLink,
  Section,
  SelectFilter,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { Fields, LongTextField } from '../shared/fields.tsx';
import { PeriodFilter, periodOfMonth } from '../shared/period-filter.tsx';
import { WhatIfResult } from './what-if-result.tsx';

interface Choices {
  readonly period?: string | undefined;
  readonly buyer?: string | undefined;
  readonly list?: string | undefined;
  readonly version?: string | undefined;
}

/** What the usage of a period would have cost at other prices. Nothing is changed by asking. */
export default function WhatIfPage(): ReactNode {
  const say = useSay();
  const [{ period = periodOfMonth(-1), buyer, list, version }, change] = useSearchState<Choices>();
  const { choices } = useAccountChoices();
  const lists = usePages<PriceList>('/api/v1/price-lists');
  const chosen = list ?? lists.items[0]?.priceListId;
  return (
    <>
      <PageHeader
        title={say('op.whatIf.nav')}
        description={say('op.whatIf.text')}
        trail={<PageLink to="/price-lists">{say('op.priceLists.nav')}</PageLink>}
      />
      <FilterBar>
        <PeriodFilter value={period} onChange={(name) => change({ period: name })} />
        <SelectFilter
          label={say('op.whatIf.buyer')}
          all={say('op.whatIf.allBuyers')}
          value={buyer}
          choices={choices}
          onChange={(id) => change({ buyer: id })}
        />
        <SelectFilter
          label={say('op.whatIf.list')}
          value={chosen}
          choices={lists.items.map(({ priceListId, name }) => ({
            value: priceListId,
            label: name,
          }))}
          onChange={(id) => change({ list: id, version: undefined })}
        />
      </FilterBar>
      {chosen === undefined ? (
        <Notice>{say('op.priceLists.empty')}</Notice>
      ) : (
        <Basis
          key={`${chosen} ${version ?? ''}`}
          priceListId={chosen}
          version={version}
          onVersion={(number) => change({ version: number })}
          period={period}
          buyer={buyer}
        />
      )}
    </>
  );
}

interface BasisProps {
  readonly priceListId: string;
  readonly version: string | undefined;
  readonly onVersion: (version: string | undefined) => void;
  readonly period: string;
  readonly buyer: string | undefined;
}

/** The prices that are tried: those of a version, which can be edited. */
function Basis(props: BasisProps): ReactNode {
  const { priceListId, version, onVersion } = props;
  const say = useSay();
  const path = `/api/v1/price-lists/${encodeURIComponent(priceListId)}`;
  const list = useAnswer<PriceListVersions>(path);
  const newest = list.data?.versions.at(-1)?.version;
  const shown = version ?? (newest === undefined ? undefined : String(newest));
  const basis = useAnswer<PriceListVersion>(
    `${path}/versions/${encodeURIComponent(shown ?? '')}`,
    undefined,
    { enabled: shown !== undefined },
  );
  return (
    <Section
      title={say('op.whatIf.prices')}
      actions={
        <SelectFilter
          label={say('op.whatIf.basis')}
          value={shown}
          choices={(list.data?.versions ?? []).map((one) => ({
            value: String(one.version),
            label: say('op.version.number', { version: one.version }),
          }))}
          onChange={onVersion}
        />
      }
    >
      <ErrorNotice error={list.error ?? basis.error} />
      {basis.data !== undefined && <Trial {...props} basis={basis.data} />}
    </Section>
  );
}

function Trial({
  priceListId,
  period,
  buyer,
  basis,
}: BasisProps & { readonly basis: PriceListVersion }): ReactNode {
  const say = useSay();
  const [text, setText] = useState(() => JSON.stringify(basis.content, null, 2));
  const trial = useChange<object, { readonly lines: readonly WhatIfLine[] }>((api, content) =>
    api.post('/api/v1/what-if', {
      period,
      priceListId,
      content,
      ...(buyer !== undefined && { accountId: buyer }),
    }),
  );
  const content = readJson(text);
  return (
    <>
      <Fields>
        <LongTextField
          label={say('op.whatIf.content')}
          hint={say(content === undefined ? 'op.whatIf.noJson' : 'op.whatIf.hint')}
          value={text}
          onChange={setText}
          rows={14}
          longest={1_000_000}
          isCode
        />
      </Fields>
      <p>
        <Button
          appearance="primary"
          disabledFocusable={content === undefined || trial.isPending}
          onClick={() => {
            if (content !== undefined) trial.mutate(content);
          }}
        >
          {say(trial.isPending ? 'common.working' : 'op.whatIf.run')}
        </Button>
      </p>
      <ErrorNotice error={asApiError(trial.error)} />
      {trial.data !== undefined && (
        <WhatIfResult lines={trial.data.lines} items={basis.content.items} />
      )}
    </>
  );
}

function readJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
