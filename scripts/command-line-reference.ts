/**
 * Compares docs/reference/command-line.md with the commands, or writes it:
 * bin/run scripts/command-line-reference.ts [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandReference } from '../src/cli/index.ts';
import { projectFolder } from '../src/platform/config/index.ts';

const page = join(projectFolder, 'docs/reference/command-line.md');
if (process.argv.includes('--write')) {
  writeFileSync(page, commandReference());
} else if (readFileSync(page, 'utf8') !== commandReference()) {
  process.stderr.write(`${page} is out of date; run this with --write.\n`);
  process.exitCode = 1;
}
