import { Link as StyledLink } from '@fluentui/react-components';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import type { AnalysisAnswer, AnalysisGroup } from '../../api/types/analysis.ts';
import { type Column, DataTable, Money, Percent, Quantity } from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { drillDown, nextDimension } from './drill-down.ts';
import { percentOf } from './exact.ts';
import { learnNames } from './names.ts';
import type { Question } from './query.ts';
import { groupByOf, type AnalysisSearch } from './search.ts';
import { parentOf } from './shown.ts';

/** What the table shows, and where its rows lead. */
export interface TableInput {
  readonly question: Question;
  readonly answer: AnalysisAnswer;
  readonly change: (change: AnalysisSearch) => void;
  /** After somebody went into a group: the row that had the focus is gone. */
  readonly entered: () => void;
}

/** The groups, and under them what they add up to. */
export function AnalysisTable({ question, answer, change, entered }: TableInput): ReactNode {
  const say = useSay();
  const nameOf = useDimensionName();
  const groupBy = groupByOf(question.kind, question.search);
  // The answer to the question before is shown until this one's is there.
  const isCurrent = answer.groupBy.toLowerCase() === groupBy.toLowerCase();
  if (isCurrent) learnNames(groupBy, answer.groups);
  const { groups, currency, unit, total } = answer;
  const hasParent = groups.some(({ parent }) => parent !== undefined);
  const hasUnit = groups.some(({ unit: own }) => own !== undefined);
  const amount = say(currency === undefined ? 'analysis.quantity' : 'analysis.cost');
  const columns: Column<AnalysisGroup>[] = [
    {
      id: 'name',
      title: nameOf(answer.groupBy),
      sortBy: 'name',
      cell: (group) => (
        <GroupName question={question} group={group} isCurrent={isCurrent} entered={entered} />
      ),
    },
    ...(hasParent ? [{ id: 'in', title: say('analysis.in'), cell: parentOf }] : []),
    ...(hasUnit
      ? [{ id: 'unit', title: say('analysis.unit'), cell: (group: AnalysisGroup) => group.unit }]
      : []),
    {
      id: 'amount',
      title: unit === undefined ? amount : `${amount} (${unit})`,
      sortBy: 'amount',
      align: 'end',
      cell: (group) => <Amount answer={answer} amount={group.amount} />,
    },
  ];
  if (currency !== undefined && total !== undefined) {
    columns.push({
      id: 'share',
      title: say('analysis.share'),
      align: 'end',
      cell: ({ share }) => <Share value={share} />,
    });
  }
  return (
    <DataTable
      caption={say('analysis.caption', { groups: nameOf(answer.groupBy) })}
      isCaptionHidden
      columns={columns}
      items={groups}
      keyOf={({ key }) => key}
      sort={{
        by: question.search.order ?? '-amount',
        // The service has the largest first, or the names from A: there is no other way round.
        onChange: (by) => change({ order: by.endsWith('name') ? 'name' : undefined }),
      }}
      empty={<Nothing />}
      footer={useSums(answer, hasParent)}
    />
  );
}

function Nothing(): ReactNode {
  const say = useSay();
  return (
    <>
      <strong>{say('analysis.nothing')}</strong> {say('analysis.nothing.hint')}
    </>
  );
}

/** Name of a dimension as the answer writes it: `resourceGroup`, `tag:costcenter`. */
export function useDimensionName(): (groupBy: string) => string {
  const say = useSay();
  return (groupBy) =>
    groupBy.startsWith('tag:')
      ? say('analysis.dimension.tagNamed', { name: groupBy.slice('tag:'.length) })
      : say(`analysis.dimension.${groupBy}`);
}

/** Leads to the group divided further, where there is something finer. */
function GroupName({
  question: { kind, search },
  group: { key, name },
  isCurrent,
  entered,
}: Pick<TableInput, 'question' | 'entered'> & {
  readonly group: AnalysisGroup;
  /** Keys of another grouping would be taken for filters of this one. */
  readonly isCurrent: boolean;
}): ReactNode {
  const say = useSay();
  const router = useRouter();
  const nameOf = useDimensionName();
  const shown = name === '' ? say('analysis.none') : name;
  const next = nextDimension(kind, search);
  const target = isCurrent ? drillDown(kind, search, key) : undefined;
  if (target === undefined || next === undefined) return shown;
  const options = {
    to: '.',
    search: (before: object) => ({ ...before, ...target }),
    resetScroll: false,
  };
  const enter = (event: MouseEvent): void => {
    // With a key held down the browser opens it beside this page.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void router.navigate(options);
    entered();
  };
  return (
    <StyledLink
      inline
      href={router.buildLocation(options).publicHref}
      onClick={enter}
      title={say('analysis.drill', { name: shown, dimension: nameOf(next) })}
    >
      {shown}
    </StyledLink>
  );
}

function Amount({
  answer: { currency },
  amount,
}: {
  readonly answer: AnalysisAnswer;
  readonly amount: string;
}): ReactNode {
  return currency === undefined ? (
    <Quantity value={amount} />
  ) : (
    <Money amount={amount} currency={currency} />
  );
}

function Share({ value }: { readonly value: string | undefined }): ReactNode {
  return value === undefined ? null : <Percent value={value} least={1} />;
}

/** All that is not listed, and the total. */
function useSums(answer: AnalysisAnswer, hasParent: boolean): readonly (readonly ReactNode[])[] {
  const say = useSay();
  const format = useFormats();
  const { total, others, currency } = answer;
  if (total === undefined) return [];
  const rowOf = (name: string, amount: string): readonly ReactNode[] => [
    name,
    ...(hasParent ? [''] : []),
    <Amount key="amount" answer={answer} amount={amount} />,
    ...(currency === undefined
      ? []
      : [<Share key="share" value={percentOf(amount, total.amount)} />]),
  ];
  const rows = [rowOf(say('analysis.total'), total.amount)];
  if (others !== undefined) {
    const name = say('analysis.others.count', { count: format.count(others.count) });
    rows.unshift(rowOf(name, others.amount));
  }
  return rows;
}
