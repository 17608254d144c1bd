/** What a look at one value says. */
export interface Verdict {
  /** whether it is of the type at all, however it is written */
  readonly isOfType: boolean;
  /** parts of the format that it breaks; each names a rule of the format's attribute */
  readonly broken: readonly string[];
  /** parts that are advice only */
  readonly advised: readonly string[];
}

/** Parts that a value may break and still be of its format. */
export const advisedParts: ReadonlySet<string> = new Set([
  'noun',
  'compoundForm',
  'ratioForm',
  'simpleForm',
  'depth',
]);

export const good: Verdict = { isOfType: true, broken: [], advised: [] };

export const notOfType = (...broken: string[]): Verdict => ({
  isOfType: false,
  broken,
  advised: [],
});
export const breaks = (...broken: string[]): Verdict => ({ isOfType: true, broken, advised: [] });

/** How many texts a verdict is kept for; more are thought about anew. */
const REMEMBERED = 4096;
/** Longer texts are not kept: they seldom come back, and would fill the memory. */
const LONGEST_REMEMBERED = 2000;

/** The same look at the same text gives the same verdict: columns repeat themselves. */
export function remembering<T>(look: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  let lastText: string | undefined;
  let lastVerdict: T | undefined;
  return (text) => {
    // Rows that follow each other mostly say the same.
    if (lastText === text && lastVerdict !== undefined) return lastVerdict;
    if (text.length > LONGEST_REMEMBERED) return look(text);
    let verdict = known.get(text);
    if (verdict === undefined) {
      if (known.size >= REMEMBERED) known.clear();
      verdict = look(text);
      known.set(text, verdict);
    }
    lastText = text;
    lastVerdict = verdict;
    return verdict;
  };
}
