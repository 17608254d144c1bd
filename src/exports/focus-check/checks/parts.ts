import type { RuleFile } from '../rule-file.ts';
import type { RuleRun } from '../site.ts';

/** Names the rule of a format's attribute that a value breaks, beside the rule of its column. */
export function partsOf(file: RuleFile, format: string): (part: string, run: RuleRun) => void {
  const ids = new Map(
    (file.attributes[format] ?? []).flatMap(({ id, kind, params }) =>
      kind === 'part' && params.part !== undefined ? [[params.part, id] as const] : [],
    ),
  );
  return (part, run) => {
    const id = ids.get(part);
    if (id !== undefined) run.parts.add(id);
  };
}
