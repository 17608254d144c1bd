import {
  openReceivedTotals,
  readReconciliationRequest,
  reconcile,
  toWireLine,
  toWireRequest,
  toWireSummary,
  type Line,
  type Meters,
  type ReconciliationReader,
  type ReconciliationRequest,
  type ReconciliationTools,
  type Summary,
  dayText,
} from '../stamp/reconciliation/index.ts';
import type { Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { write, type Output } from './output.ts';
import { createProgress, type Progress } from './progress.ts';
import {
  bookedTable,
  causesTable,
  headOf,
  linesTable,
  notBilledTable,
  unexplainedTable,
  verdictSentence,
} from './reconcile-text.ts';

/** So many lines are shown unless all are asked for, and so many stand under one heading. */
const PAGE_LINES = 1000;

/** How the answer is written. */
export interface ReconcileStyle {
  readonly json: boolean;
  readonly all: boolean;
}

/**
 * `reconcile`: what the stamp counted beside what commerce received and billed. Ends with 3 when something is unexplained.
 *
 * @throws CommerceUnreachable after the stamp's side was told
 */
export async function reconcileReported(context: Context, values: Arguments): Promise<ExitCode> {
  const { clock, output, json } = context;
  const texts = {
    from: values.optional('from'),
    to: values.optional('to'),
    by: values.optional('by'),
  };
  const request = readReconciliationRequest(texts, clock.now(), '--');
  const progress = createProgress(output, clock);
  const style = { json, all: values.flag('all') };
  return withStamp(context, async ({ database }) => {
    const received = await openReceivedTotals({ database, clock });
    return tell({ database, clock, received }, request, style, { output, progress });
  });
}

/** Compares and writes the answer. */
export async function tell(
  tools: ReconciliationTools,
  request: ReconciliationRequest,
  style: ReconcileStyle,
  { output, progress }: { readonly output: Output; readonly progress: Progress },
): Promise<ExitCode> {
  const answer = style.json ? jsonAnswer(request, output) : textAnswer(request, style, output);
  let meters: Meters = new Map();
  const reader: ReconciliationReader = {
    lines: async (lines, known) => {
      meters = known;
      progress.end();
      await answer.lines(lines, known);
    },
    progress: (share, day) => progress.update(share, `compared ${dayText(day)}`),
  };
  await write(output.out, answer.head);
  const summary = await reconcile(tools, request, reader);
  progress.end();
  await answer.end(summary, meters);
  if (summary.commerce.state === 'no answer') throw summary.commerce.error;
  return summary.verdict === 'unexplained' ? exitCodes.differs : exitCodes.ok;
}

/** An answer as it is written, piece by piece. */
interface Answer {
  readonly head: string;
  lines(lines: readonly Line[], meters: Meters): Promise<void>;
  end(summary: Summary, meters: Meters): Promise<void>;
}

/** One JSON object, a line of it for each line of the answer. */
function jsonAnswer(request: ReconciliationRequest, { out }: Output): Answer {
  let separator = '\n';
  return {
    head: `${JSON.stringify(toWireRequest(request)).slice(0, -1)},"lines":[`,
    lines: async (lines, meters) => {
      for (const line of lines) {
        await write(out, `${separator}${JSON.stringify(toWireLine(line, meters))}`);
        separator = ',\n';
      }
    },
    end: (summary, meters) =>
      write(out, `],\n${JSON.stringify(toWireSummary(summary, meters)).slice(1)}\n`),
  };
}

function textAnswer(
  request: ReconciliationRequest,
  { all }: ReconcileStyle,
  { out }: Output,
): Answer {
  let kept: Line[] = [];
  let written = 0;
  let leftOut = 0;
  const flush = async (meters: Meters): Promise<void> => {
    if (kept.length === 0) return;
    await write(out, linesTable(kept, request, meters));
    written += kept.length;
    kept = [];
  };
  return {
    head: headOf(request),
    lines: async (lines, meters) => {
      for (const line of lines) {
        if (!all && written + kept.length >= PAGE_LINES) leftOut += 1;
        else kept.push(line);
        if (kept.length >= PAGE_LINES) await flush(meters);
      }
    },
    end: async (summary, meters) => {
      await flush(meters);
      const more = leftOut === 0 ? '' : `${leftOut} more lines; --all shows them.\n`;
      const nothing = written === 0 ? 'Nothing was counted and nothing received.\n' : '';
      await write(
        out,
        `${nothing}${more}${bookedTable(summary, meters)}${causesTable(summary)}` +
          `${unexplainedTable(summary, meters)}${notBilledTable(summary, meters)}\n${verdictSentence(summary)}\n`,
      );
    },
  };
}
