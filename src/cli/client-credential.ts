import { X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fail, isGuid, parsePrincipalId, type Instant, type PrincipalId } from '../kernel/index.ts';
import type { Clock, Tx } from '../platform/index.ts';
import {
  addClientCertificate,
  addClientSecret,
  listClientCredentials,
  removeClientCredential,
  type Changing,
} from '../identity/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { requireClient } from './client.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

const HOURS_PER_DAY = 24;
const SHORTEST_RSA_BITS = 2_048;

/** `client add-secret` */
export async function addSecret(context: Context, values: Arguments): Promise<void> {
  const { credentialId, secret } = await changeClient(context, values, (tx, id, changing) =>
    addClientSecret(tx, id, readTerms(values, context.clock), changing),
  );
  const text = context.json
    ? toJson({ credentialId, clientSecret: secret })
    : `Credential id:  ${credentialId}\nClient secret:  ${secret}\nKeep the secret: it is not shown again.\n`;
  await write(context.output.out, text);
}

/** `client add-certificate` */
export async function addCertificate(context: Context, values: Arguments): Promise<void> {
  const pem = await readFile(values.required('file'), 'utf8');
  const certificate = readCertificate(pem, context.clock.now());
  const terms = {
    name: values.optional('name') ?? certificate.subject,
    expiresAt: certificate.validTo,
  };
  const credentialId = await changeClient(context, values, (tx, id, changing) =>
    addClientCertificate(tx, id, { ...certificate, ...terms }, changing),
  );
  const { thumbprint, validTo } = certificate;
  const told = { credentialId, thumbprint, expiresAt: validTo.toString() };
  const text = context.json
    ? toJson(told)
    : `Credential id:  ${credentialId}\nThumbprint:     ${thumbprint}\nExpires:        ${told.expiresAt}\n`;
  await write(context.output.out, text);
}

interface ReadCertificate {
  readonly subject: string;
  readonly publicJwk: string;
  /** SHA-256 in lower-case hexadecimal digits. */
  readonly thumbprint: string;
  readonly validTo: Instant;
}

function readCertificate(pem: string, now: Instant): ReadCertificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw unusable('it is not a certificate in PEM form');
  }
  checkKey(certificate.publicKey);
  const validTo = Temporal.Instant.fromEpochMilliseconds(certificate.validToDate.getTime());
  if (Temporal.Instant.compare(validTo, now) <= 0) {
    throw unusable(`the certificate expired at ${validTo.toString()}`);
  }
  return {
    subject: certificate.subject.replaceAll('\n', ', ').slice(0, 200),
    publicJwk: JSON.stringify(certificate.publicKey.export({ format: 'jwk' })),
    thumbprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    validTo,
  };
}

/** @throws InvalidArguments for a key with which no assertion can be signed, or that is too short */
function checkKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): void {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa' && modulusLength < SHORTEST_RSA_BITS) {
    const bits = `${modulusLength} bits, and at least ${SHORTEST_RSA_BITS} are needed`;
    throw unusable(`its RSA key has ${bits}`);
  }
  if (asymmetricKeyType === 'rsa') return;
  if (asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return;
  throw unusable(
    'clients sign with RSA or P-256 keys, and the key of this certificate is of another kind',
  );
}

function unusable(reason: string): Error {
  return fail('InvalidArguments', { reason: `--file cannot be used: ${reason}` });
}

/** `client credentials` */
export async function listCredentials(context: Context, values: Arguments): Promise<void> {
  const id = readClientId(values);
  const credentials = await withStamp(context, async ({ database }) => {
    await requireClient(database.pool, id);
    return listClientCredentials(database.pool, id);
  });
  const text = context.json
    ? toJson(credentials)
    : toTable(
        ['CREDENTIAL', 'KIND', 'NAME', 'MADE', 'EXPIRES', 'THUMBPRINT'],
        credentials.map(({ credentialId, kind, name, createdAt, expiresAt, thumbprint }) => [
          credentialId,
          kind,
          name,
          createdAt.toString(),
          expiresAt?.toString() ?? 'never',
          thumbprint ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `client remove-credential` */
export async function removeCredential(context: Context, values: Arguments): Promise<void> {
  const credentialId = parseArgument(
    'CREDENTIAL',
    values.operand(1),
    (text) => (isGuid(text) ? text.toLowerCase() : undefined),
    'it has to be a GUID; client credentials shows them',
  );
  const removed = await changeClient(context, values, (tx, id, changing) =>
    removeClientCredential(tx, id, credentialId, changing),
  );
  if (!removed) throw fail('NotFound', { path: `credential ${credentialId}` });
  const { json, output } = context;
  const text = json ? toJson({ credentialId, state: 'removed' }) : `${credentialId} is removed.\n`;
  await write(output.out, text);
}

function readTerms(
  values: Arguments,
  clock: Clock,
): { name: string; expiresAt: Instant | undefined } {
  const days = values.optional('expiresInDays');
  const count =
    days === undefined
      ? undefined
      : parseArgument(
          '--expires-in-days',
          days,
          (text) => (/^[1-9][0-9]{0,3}$/.test(text) ? Number.parseInt(text, 10) : undefined),
          'it has to be a number from 1 to 9999',
        );
  const expiresAt =
    count === undefined ? undefined : clock.now().add({ hours: count * HOURS_PER_DAY });
  return { name: values.optional('name') ?? 'further', expiresAt };
}

async function changeClient<T>(
  context: Context,
  values: Arguments,
  change: (tx: Tx, id: PrincipalId, changing: Changing) => Promise<T>,
): Promise<T> {
  const id = readClientId(values);
  return withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      await requireClient(tx, id);
      return change(tx, id, { clock, actor: commandLineActor() });
    }),
  );
}

function readClientId(values: Arguments): PrincipalId {
  return parseArgument('ID', values.operand(0), parsePrincipalId, 'it has to be a GUID');
}
