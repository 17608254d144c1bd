import { makeStatement, readWindow } from '../commerce/reported-usage/index.ts';
import { fail, isJsonObject, StackmeterError } from '../kernel/index.ts';
import {
  readPublicJwk,
  thumbprintOf,
  verifyStatement,
  windowName,
  type AcceptedWindow,
  type PublicJwk,
  type Statement,
} from '../reporting/index.ts';
import type { Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { readOperandFile, writeOut } from './files.ts';
import { toJson, toTable, write } from './output.ts';
import { requireRegistration } from './registration.ts';

async function readStatement(context: Context, values: Arguments): Promise<Statement> {
  const readOne = (name: string): number | undefined => {
    const text = values.optional(name);
    return text === undefined ? undefined : readWindow(`--${name}`, text);
  };
  const range = { from: readOne('from'), to: readOne('to') };
  return withStamp(context, async (open) => {
    const registration = await requireRegistration(open.database.pool, values.operand(0));
    return makeStatement(open, registration, range);
  });
}

/** `statement show` */
export async function show(context: Context, values: Arguments): Promise<void> {
  const statement = await readStatement(context, values);
  if (context.json) {
    await write(context.output.out, toJson(statement));
    return;
  }
  const { windows } = verifyStatement(statement);
  await write(context.output.out, windowTable(windows));
}

function windowTable(windows: readonly AcceptedWindow[]): string {
  return toTable(
    ['WINDOW', 'BATCHES', 'ROWS', 'METERS', 'ACCEPTED', 'HASH'],
    windows.map(({ manifest, acceptedAt, hash }) => [
      windowName(manifest.window),
      String(manifest.batches),
      String(manifest.rows),
      String(manifest.meters.length),
      acceptedAt.toString(),
      hash,
    ]),
  );
}

/** `statement export` */
export async function exportStatement(context: Context, values: Arguments): Promise<void> {
  const statement = await readStatement(context, values);
  const file = values.required('out');
  await writeOut('--out', file, toJson(statement));
  const { length } = statement.windows;
  const text = context.json
    ? toJson({ windows: length, out: file })
    : `A statement of ${length} windows is in ${file}.\n`;
  await write(context.output.out, text);
}

/** `statement verify` */
export async function verify(context: Context, values: Arguments): Promise<ExitCode> {
  const { json, output } = context;
  const keyFile = values.optional('key');
  const keys =
    keyFile === undefined ? undefined : readKeys(keyFile, await readJson('--key', keyFile));
  const statement = await readJson('FILE', values.operand(0));
  try {
    const { registrationId, cloudId, issuedAt, kid, windows } = verifyStatement(
      statement,
      keyFor(statement, keys),
    );
    const first = windows.at(0);
    const last = windows.at(-1);
    const told = {
      valid: true,
      isKeyTrusted: keys !== undefined,
      registrationId,
      cloudId,
      issuedAt,
      kid,
      windows: windows.length,
      from: first ? windowName(first.manifest.window) : null,
      through: last ? windowName(last.manifest.window) : null,
      rows: windows.reduce((sum, { manifest }) => sum + manifest.rows, 0),
    };
    const signer = told.isKeyTrusted
      ? 'signed with the key that you trust'
      : `signed with the key ${kid}, which nobody vouched for (give --key)`;
    const words = `The statement holds: ${told.windows} windows, ${told.rows} rows, ${signer}.\n`;
    await write(output.out, json ? toJson(told) : words);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof StackmeterError)) throw error;
    const told = { valid: false, problem: error.message };
    await write(output.out, json ? toJson(told) : `${error.message}\n`);
    return exitCodes.differs;
  }
}

/** The trusted key that the statement names; another trusted one where it names none of them. */
function keyFor(statement: unknown, keys: readonly PublicJwk[] | undefined): PublicJwk | undefined {
  if (keys === undefined) return undefined;
  const stated = isJsonObject(statement) ? readPublicJwk(statement['publicKey']) : undefined;
  const wanted = stated && thumbprintOf(stated);
  return keys.find((key) => thumbprintOf(key) === wanted) ?? keys[0];
}

/** One key, or a set of them as the interface gives it. */
function readKeys(file: string, value: unknown): readonly PublicJwk[] {
  const listed: unknown = isJsonObject(value) ? (value['keys'] ?? [value]) : [];
  const keys = (Array.isArray(listed) ? listed : []).map(readPublicJwk);
  const usable = keys.filter((key) => key !== undefined);
  if (usable.length > 0) return usable;
  const rule = 'it has to hold a JSON Web Key, or a set of them';
  throw fail('InvalidProperty', { parameter: '--key', value: file, rule });
}

async function readJson(parameter: string, file: string): Promise<unknown> {
  const text = await readOperandFile(parameter, file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const rule = `the file cannot be read as JSON (${reason})`;
    throw fail('InvalidProperty', { parameter, value: file, rule }, { cause });
  }
}
