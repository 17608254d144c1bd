/** Each room has a door (index.ts) and a sign (README.md); STYLE.md says what the sign tells. */
import { areaOf, rooms } from '../architecture.ts';
import type { Fault, Project } from '../project.ts';
import { longestReadme } from './sizes.ts';

/** Finds rooms, and the two ground floors, that lack one or whose README is no longer a page. */
export function roomFiles(project: Project): Fault[] {
  const inUse = new Set<string>();
  for (const path of project.keys()) {
    const area = path.startsWith('src/') ? areaOf(path) : undefined;
    if (area !== undefined && area !== 'main') inUse.add(area);
  }
  return [...inUse].toSorted().flatMap((area) => {
    const folder = `src/${area}`;
    const faults: Fault[] = [];
    if (rooms.has(area) && !project.has(`${folder}/index.ts`)) {
      faults.push(missing(`${folder}/index.ts`, 'export there what other rooms may use.'));
    }
    const path = `${folder}/README.md`;
    const readme = project.get(path);
    if (readme === undefined) {
      faults.push(missing(path, 'say what the room owns and what not, its invariants and times.'));
    } else if (readme.split('\n').length - 1 > longestReadme) {
      const message = `longer than a page (${longestReadme} lines); move the detail to docs.`;
      faults.push({ rule: 'room', path, line: 0, message });
    }
    return faults;
  });
}

function missing(path: string, what: string): Fault {
  return { rule: 'room', path, line: 0, message: `missing; ${what}` };
}
