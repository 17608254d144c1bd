import { loadKeys, rotateKeys, signingKey } from '../identity/index.ts';
import type { Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `authority keys` */
export async function keys(context: Context): Promise<void> {
  const { clock } = context;
  const known = await withStamp(context, ({ database }) => loadKeys(database.pool, clock.now()));
  const signing = signingKey(known, clock.now());
  const rows = known.map(({ kid, createdAt, signsFrom, retiredAt }) => ({
    kid,
    signing: kid === signing?.kid,
    createdAt: createdAt.toString(),
    signsFrom: signsFrom.toString(),
    retiredAt: retiredAt?.toString() ?? null,
  }));
  const toRow = (row: (typeof rows)[number]): string[] => [
    row.kid,
    row.signing ? 'yes' : 'no',
    row.createdAt,
    row.signsFrom,
    row.retiredAt ?? '',
  ];
  const text = context.json
    ? toJson(rows)
    : toTable(['KEY ID', 'SIGNS', 'CREATED', 'SIGNS FROM', 'PUBLISHED UNTIL'], rows.map(toRow));
  await write(context.output.out, text);
}

const WITHDRAWN =
  'All other keys are withdrawn; tokens that they signed end within half a minute.\n';

/** `authority rotate-keys` */
export async function rotate(context: Context, values: Arguments): Promise<void> {
  const now = values.flag('now');
  const key = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) => rotateKeys(tx, { clock, actor: commandLineActor() }, { now })),
  );
  const signsFrom = key.signsFrom.toString();
  const text = context.json
    ? toJson({ kid: key.kid, signsFrom })
    : `${key.kid} is published and signs from ${signsFrom}.\n${now ? WITHDRAWN : ''}`;
  await write(context.output.out, text);
}
