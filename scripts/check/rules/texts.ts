/** What no text file may hold. */
import type { Fault, Project } from '../project.ts';

interface Ban {
  readonly rule: string;
  readonly pattern: RegExp;
  readonly instead: string;
}

const bans: readonly Ban[] = [
  {
    rule: 'unfinished',
    pattern: /\b(?:TODO|FIXME|XXX)\b/,
    instead: 'finish it, or say in the docs what is not there.',
  },
  {
    rule: 'machine-path',
    pattern: /(?<![\w.$}-])\/(?:work|root|Users|home\/(?!USER\b)[a-z]\w*)\//,
    instead: 'a path of one machine; use one relative to the project, or os.tmpdir().',
  },
  {
    rule: 'conflict',
    pattern: /^(?:<{7}|>{7}) /,
    instead: 'a merge was left half done.',
  },
  {
    rule: 'whole-suite',
    pattern: /\b(?:test|it|describe|suite)\.only\(/,
    instead: 'remove .only, which would leave the other tests out.',
  },
];

/** npm writes this one; the rules of {@link manifests} hold for it. */
const generated = 'package-lock.json';

/** Looks through every line of every text file. */
export function texts(project: Project): Fault[] {
  const faults: Fault[] = [];
  for (const [path, text] of project) {
    if (path === generated) continue;
    for (const [at, line] of text.split('\n').entries()) {
      for (const { rule, pattern, instead } of bans) {
        if (pattern.test(line)) faults.push({ rule, path, line: at + 1, message: instead });
      }
    }
  }
  return faults;
}
