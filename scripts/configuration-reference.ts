/**
 * Compares docs/reference/configuration.md with the list of options, or writes it:
 * bin/run scripts/configuration-reference.ts [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configReference, projectFolder } from '../src/platform/config/index.ts';

const page = join(projectFolder, 'docs/reference/configuration.md');
if (process.argv.includes('--write')) {
  writeFileSync(page, configReference());
} else if (readFileSync(page, 'utf8') !== configReference()) {
  process.stderr.write(`${page} is out of date; run this with --write.\n`);
  process.exitCode = 1;
}
