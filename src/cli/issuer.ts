import {
  createTrustedIssuers,
  externalPrincipalId,
  readTrustedIssuers,
  type IssuerState,
} from '../identity/index.ts';
import { fail } from '../kernel/index.ts';
import { silentLog } from '../platform/index.ts';
import type { Arguments } from './arguments.ts';
import type { Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, toTable, write } from './output.ts';

/** `issuer check` */
export async function check({ config, clock, json, output }: Context): Promise<ExitCode> {
  const trusted = createTrustedIssuers({
    issuers: await readTrustedIssuers(config.trustedIssuers),
    clock,
    // The answer says what the log would.
    log: silentLog,
    isOwnAudience: () => false,
  });
  await trusted.fetchKeys();
  const states = trusted.states();
  let text = toTable(['ISSUER', 'ADDRESS', 'STATE', 'KEYS'], states.map(toRow));
  if (states.length === 0) text = 'There are no trusted issuers; --trusted-issuers names a file.\n';
  await write(output.out, json ? toJson(states.map(toWire)) : text);
  return states.every(isWell) ? exitCodes.ok : exitCodes.differs;
}

function isWell({ lastError }: IssuerState): boolean {
  return lastError === undefined;
}

function toRow(state: IssuerState): string[] {
  const { name, issuer, lastError, keyIds, jwksUri = '' } = state;
  return [name, issuer, lastError ?? 'well', isWell(state) ? `${keyIds.length} at ${jwksUri}` : ''];
}

function toWire({ name, issuer, jwksUri, keyIds, lastError }: IssuerState): object {
  return { name, issuer, well: lastError === undefined, jwksUri, keyIds, error: lastError };
}

/** `issuer principal` */
export async function principal(
  { config, json, output }: Context,
  values: Arguments,
): Promise<void> {
  const [name, value] = [values.operand(0), values.operand(1)];
  const issuers = await readTrustedIssuers(config.trustedIssuers);
  const issuer = issuers.find((one) => one.name === name);
  if (issuer === undefined) throw fail('NotFound', { path: `issuer ${name}` });
  const principalId = externalPrincipalId(issuer.issuer, value);
  await write(output.out, json ? toJson({ principalId }) : `${principalId}\n`);
}
