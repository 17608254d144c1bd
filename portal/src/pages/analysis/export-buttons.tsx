import { Button, makeStyles } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { asApiError, useApi } from '../../api/hooks.ts';
import type { Api } from '../../api/client.ts';
import type { AnalysisAnswer } from '../../api/types/analysis.ts';
import { CopyButton, saveFile } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { csvRow, groupColumns, groupRows, seriesCsv } from './csv.ts';
import { withKnownNames } from './names.ts';
import { wholeAddress, type Question } from './query.ts';
import { periodOf } from './range.ts';
import { groupByOf } from './search.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexWrap: 'wrap', gap: '8px', alignItems: 'center' },
});

const CSV = 'text/csv;charset=utf-8';
/** Spreadsheets take a file for UTF-8 only with it. */
const BYTE_ORDER_MARK = '\uFEFF';

type State =
  | { readonly is: 'idle' }
  | { readonly is: 'running' | 'done'; readonly count: number }
  | { readonly is: 'cancelled' }
  | { readonly is: 'failed'; readonly message: string };

/** What is shown as a file, and as a link. */
export function ExportButtons({
  question,
  answer,
}: {
  readonly question: Question;
  readonly answer: AnalysisAnswer | undefined;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const api = useApi();
  const [state, setState] = useState<State>({ is: 'idle' });
  const running = useRef<AbortController>(undefined);
  // Nobody waits for the file of a page that was left.
  useEffect(() => () => running.current?.abort(), []);
  const save = (parts: readonly string[], what: string): void => {
    saveFile(new Blob([BYTE_ORDER_MARK, ...parts], { type: CSV }), fileName(question, what));
  };
  const exportGroups = async (): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setState({ is: 'running', count: 0 });
    try {
      const told = (count: number): void => setState({ is: 'running', count });
      const { rows, count } = await readAll(api, wholeAddress(question), controller.signal, told);
      const head = csvRow(groupColumns.map(({ title }) => say(title)));
      save([head, ...rows], groupByOf(question.kind, question.search));
      setState({ is: 'done', count });
    } catch (error) {
      const message = asApiError(error)?.message ?? '';
      setState(controller.signal.aborted ? { is: 'cancelled' } : { is: 'failed', message });
    }
  };
  return (
    <div className={styles.root}>
      <Button
        icon={<ArrowDownloadRegular />}
        disabledFocusable={answer === undefined || state.is === 'running'}
        onClick={() => void exportGroups()}
      >
        {say('analysis.export.table')}
      </Button>
      {answer?.groups.some(({ points }) => points !== undefined) === true && (
        <Button appearance="subtle" onClick={() => save([seriesCsv(answer, say)], 'chart')}>
          {say('analysis.export.series')}
        </Button>
      )}
      {state.is === 'running' && (
        <Button appearance="subtle" onClick={() => running.current?.abort()}>
          {say('analysis.export.cancel')}
        </Button>
      )}
      <CopyButton text={() => location.href}>{say('analysis.copyLink')}</CopyButton>
      <output>{state.is !== 'idle' && say(`analysis.export.${state.is}`, state)}</output>
    </div>
  );
}

/** Follows the pages to the end. */
async function readAll(
  api: Api,
  address: string,
  signal: AbortSignal,
  told: (count: number) => void,
): Promise<{ readonly rows: readonly string[]; readonly count: number }> {
  const rows: string[] = [];
  let count = 0;
  let next: string | undefined = address;
  while (next !== undefined) {
    // Each page names the next one.
    const page: AnalysisAnswer = await api.get<AnalysisAnswer>(next, { signal });
    rows.push(groupRows(withKnownNames(page)));
    count += page.groups.length;
    told(count);
    next = page.nextLink;
  }
  return { rows, count };
}

function fileName({ kind, search, today }: Question, what: string): string {
  const { from, to } = periodOf(search, today);
  return `${kind}-${what.replaceAll(/[^\w-]+/g, '-')}-${from}-${to}.csv`;
}
