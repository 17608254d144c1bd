/**
 * Runs the wire cases against a server that is up: sh bin/run test/conformance/run.ts --base URL --ca FILE --config FILE
 * See README.md in this folder for the configuration. Exit code 1 when a case fails.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cases, notGiven } from './cases/index.ts';
import { Runner, type RunConfig } from './runner.ts';

const { values } = parseArgs({
  options: { base: { type: 'string' }, ca: { type: 'string' }, config: { type: 'string' } },
});
const { base, ca, config } = values;
if (base === undefined || ca === undefined || config === undefined) {
  process.stderr.write('usage: run.ts --base URL --ca FILE --config FILE\n');
  process.exit(2);
}
// Written by whoever runs this, for this run.
const given = JSON.parse(readFileSync(config, 'utf8')) as Partial<RunConfig>;
const runner = new Runner({
  base: base.replace(/\/+$/, ''),
  ca: readFileSync(ca, 'utf8'),
  placeholders: given.placeholders ?? {},
  clients: given.clients ?? {},
  fixture: given.fixture ?? false,
});
const counts = { passed: 0, failed: 0, 'not run': 0 };
for (const wireCase of cases) {
  const outcome = await runner.run(wireCase);
  counts[outcome.result] += 1;
  process.stdout.write(`${outcome.result}: ${wireCase.name}\n`);
  if (outcome.result === 'failed') {
    for (const problem of outcome.problems) process.stdout.write(`    ${problem}\n`);
  }
}
for (const { status, code, reason } of notGiven) {
  process.stdout.write(`not given by this release: ${status} ${code}: ${reason}\n`);
}
const { passed, failed, 'not run': left } = counts;
process.stdout.write(`${passed} passed, ${failed} failed, ${left} not run\n`);
process.exitCode = failed > 0 ? 1 : 0;
