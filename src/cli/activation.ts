import { fail } from '../kernel/index.ts';
import { parseBillingModel, windowName } from '../reporting/index.ts';
import {
  alertsOf,
  applyActivationKey,
  findActivation,
  makeRegistrationToken,
  parseHour,
  removeActivation,
  type Activation,
  type Applied,
  type LeftBehind,
} from '../stamp/bridge/index.ts';
import { parseArgument, readText, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { readFileOrInput, writeOut } from './files.ts';
import { toJson, write } from './output.ts';

const HOUR_RULE = 'it has to be an hour like 2026-11-23T10Z or the time at which one begins';

/** `activation token` */
export async function token(context: Context, values: Arguments): Promise<void> {
  const [from, out] = [values.optional('from'), values.optional('out')];
  const reporting = values.optional('reporting');
  const [agreement, tag] = [values.optional('agreementNumber'), values.optional('assetTag')];
  const wish = {
    billingModel: parseArgument(
      '--billing-model',
      values.required('billingModel'),
      parseBillingModel,
      'it has to be the name of a billing model',
    ),
    ...(reporting !== undefined && { usageReporting: reporting === 'on' }),
    marketplaceSyndication: values.flag('marketplace'),
    ...(agreement !== undefined && {
      agreementNumber: readText('--agreement-number', agreement),
    }),
    ...(tag !== undefined && { assetTag: readText('--asset-tag', tag) }),
    ...(from !== undefined && { from: parseArgument('--from', from, parseHour, HOUR_RULE) }),
  };
  const registrationToken = await withStamp(context, (open) =>
    makeRegistrationToken(open, wish, { clock: open.clock, actor: commandLineActor() }),
  );
  if (out !== undefined) await writeOut('--out', out, `${registrationToken}\n`);
  const { json, output } = context;
  const said =
    out === undefined ? `${registrationToken}\n` : `The registration token is in ${out}.\n`;
  await write(output.out, json ? toJson({ registrationToken }) : said);
}

/** `activation apply` */
export async function apply(context: Context, values: Arguments): Promise<void> {
  const key = await readFileOrInput('FILE', values.operand(0));
  const applied = await withStamp(context, (open) =>
    applyActivationKey(open, key, { clock: open.clock, actor: commandLineActor() }),
  );
  const { json, output } = context;
  await write(output.out, json ? toJson(wireOfApplied(applied)) : `${describeApplied(applied)}\n`);
}

function describeApplied({ created, replaced, registrationResourceId }: Applied): string {
  const isSame = !created && replaced === undefined;
  const said = `This stamp is ${isSame ? 'still ' : ''}activated as ${registrationResourceId}`;
  if (replaced === undefined) return `${said}.`;
  return `${said}, instead of ${replaced.registrationResourceId}. ${describeLeft(replaced)}`;
}

function wireOfApplied({ created, replaced, ...activation }: Applied): object {
  const { registrationId, registrationResourceId } = replaced ?? {};
  return {
    ...wireOf(activation),
    created,
    replaced: replaced ? { registrationId, registrationResourceId, ...wireOfLeft(replaced) } : null,
  };
}

/** `activation show` */
export async function show(context: Context): Promise<void> {
  const activation = await withStamp(context, ({ database }) => findActivation(database.pool));
  const alerts = alertsOf(activation, context.clock.now());
  const { json, output } = context;
  if (json) {
    const wire = activation === undefined ? null : wireOf(activation);
    await write(output.out, toJson({ activation: wire, alerts }));
    return;
  }
  const lines =
    activation === undefined
      ? ['This stamp is not activated.']
      : [
          `Registration:   ${activation.registrationResourceId}`,
          `State:          ${activation.state}`,
          `Commerce:       ${activation.commerceUrl}`,
          `Billing model:  ${activation.billingModel}`,
          `Reports usage:  ${activation.usageReporting ? 'yes' : 'no'}`,
          `Ends:           ${activation.expiresAt?.toString() ?? 'never'}`,
        ];
  await write(output.out, `${[...lines, ...alerts].join('\n')}\n`);
}

/** `activation remove` */
export async function remove(context: Context): Promise<void> {
  const left = await withStamp(context, (open) =>
    removeActivation(open, { clock: open.clock, actor: commandLineActor() }),
  );
  if (left === undefined) throw fail('NotActivated');
  const { json, output } = context;
  const text = `This stamp is not activated any more. ${describeLeft(left)}\n`;
  await write(output.out, json ? toJson(wireOfLeft(left)) : text);
}

function describeLeft(left: LeftBehind): string {
  const { windowsLeftBehind: windows, from, through } = wireOfLeft(left);
  return windows === 0
    ? 'Every closed window had been reported.'
    : `${windows} closed windows, ${from} to ${through}, stay behind unsent.`;
}

function wireOfLeft({ unsentFrom, unsentThrough, windows }: LeftBehind) {
  return {
    windowsLeftBehind: windows,
    from: unsentFrom === undefined ? null : windowName(unsentFrom),
    through: unsentThrough === undefined ? null : windowName(unsentThrough),
  };
}

function wireOf(activation: Activation): object {
  const { ca, statementJwk, expiresAt, activatedAt, ...plain } = activation;
  return {
    ...plain,
    expiration: expiresAt?.toString() ?? null,
    activatedAt: activatedAt.toString(),
    statementKey: statementJwk,
    ca,
  };
}
