import { join } from 'node:path';
import { fail } from '../kernel/index.ts';
import { activationKeyOf } from '../commerce/registration/index.ts';
import { ensureTls, readIfPresent } from '../platform/index.ts';
import type { Arguments } from './arguments.ts';
import { requireServer } from './connection.ts';
import { withStamp, type Context } from './context.ts';
import { writeOut } from './files.ts';
import { toJson, write } from './output.ts';
import { requireRegistration } from './registration.ts';

/** `registration activation-key` */
export async function activationKey(context: Context, values: Arguments): Promise<void> {
  const { output } = context;
  const url = values.optional('url');
  const origin = url === undefined ? await publicOrigin(context) : readOrigin(url);
  const ca = await readAuthority(context);
  const key = await withStamp(context, async ({ database, clock, stamp: { homeTenantId } }) => {
    const one = await requireRegistration(database.pool, values.operand(0));
    return activationKeyOf({ database, clock }, one, { origin, homeTenantId, ca });
  });
  const file = values.optional('out');
  if (file !== undefined) await writeOut('--out', file, `${key}\n`, { isSecret: true });
  const told = file === undefined ? key : `The activation key is in ${file}.`;
  await write(output.out, context.json ? toJson({ activationKey: key }) : `${told}\n`);
}

/** Stamps are other machines: an address that means the machine itself would lead them astray. */
async function publicOrigin(context: Context): Promise<string> {
  const { publicUrl } = await requireServer(context);
  if (publicUrl !== undefined) return publicUrl;
  const rule = 'it has to be given, since the server listens on all addresses and has no host name';
  throw fail('InvalidProperty', { parameter: '--url', value: '', rule });
}

/** PEM of the authority that vouches for the server of this data folder; made when it has none yet. */
async function readAuthority({ config, clock }: Context): Promise<string> {
  const present = await readIfPresent(join(config.data, 'tls', 'ca.pem'));
  if (present !== undefined) return present;
  const hosts = [config.host, ...config.hostNames];
  return (await ensureTls({ data: config.data, hosts, clock })).ca;
}

/** Scheme, host and port of an https address. */
function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (url?.protocol === 'https:' && isPlain) return url.origin;
  const rule = 'it is an address like https://commerce.example:8443';
  throw fail('InvalidProperty', { parameter: '--url', value: text, rule });
}
