import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { Arguments } from './arguments.ts';
import { makeContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { checkExport } from './export-check.ts';

const PERIODS = 'BillingPeriodCreated,BillingPeriodEnd,BillingPeriodLastUpdated,BillingPeriodStart';
const good = `${PERIODS},BillingPeriodStatus,InvoiceIssuerName
2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-11-03T00:00:00Z,2026-10-01T00:00:00Z,Closed,Northern Cloud
`;

const tax: Readonly<Record<string, string>> = {
  BilledCost: '20',
  BillingAccountId: '/billingAccounts/acme',
  BillingAccountName: 'Acme',
  BillingCurrency: 'EUR',
  BillingPeriodEnd: '2026-11-01T00:00:00Z',
  BillingPeriodStart: '2026-10-01T00:00:00Z',
  ChargeCategory: 'Tax',
  ChargeClass: '',
  ChargeDescription: 'VAT 20 %',
  ChargeFrequency: 'One-Time',
  ChargePeriodEnd: '2026-11-01T00:00:00Z',
  ChargePeriodStart: '2026-10-01T00:00:00Z',
  ContractedCost: '20',
  EffectiveCost: '20',
  HostProviderName: '',
  InvoiceIssuerName: 'Northern Cloud',
  ListCost: '20',
  PricingQuantity: '',
  PricingUnit: '',
  ServiceCategory: 'Other',
  ServiceName: 'Billing',
  ServiceProviderName: 'Northern Cloud',
  ServiceSubcategory: 'Other (Other)',
};

let folder = '';
let charges = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-check-'));
  charges = await file('tax.csv', `${Object.keys(tax).join()}\n${Object.values(tax).join()}\n`);
});
after(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function check(
  files: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<{ code: unknown; text: string }> {
  let text = '';
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const { json = false, ...own } = options;
  const context = makeContext({ json }, { out, err: out, isScreen: false });
  const run = await checkExport.load();
  return { code: await run(context, new Arguments(files, own)), text };
}

describe('export check', () => {
  it('says that files keep the rules, and what was not looked at', async () => {
    const { code, text } = await check([charges, await file('good.csv', good)]);
    assert.equal(code, exitCodes.ok);
    assert.match(text, /^FOCUS 1\.4: no errors, 0 warnings\./);
    assert.match(text, /BillingPeriod: 1 row; \d+ rules passed, 0 failed/);
    assert.match(text, /the dataset was not given/);
  });

  it('ends with 3 and names the row of an error, as JSON too', async () => {
    const path = await file('bad.csv', good.replace('Closed', 'closed'));
    const { code, text } = await check([charges, path]);
    assert.equal(code, exitCodes.differs);
    assert.match(
      text,
      /Error BIP-BillingPeriodStatus-C-003, .*\n.*\n {2}\S+bad\.csv, row 1: "closed"/,
    );
    const told = JSON.parse((await check([charges, path], { json: true })).text);
    assert.equal(told.conforms, false);
    assert.equal(told.findings[0].ruleId, 'BIP-BillingPeriodStatus-C-003');
  });

  it('compares with the delivery before', async () => {
    const previous = [await file('before.csv', good)];
    const now = good.replace('Closed', 'Open').replace('11-03', '11-04');
    const { code, text } = await check([await file('now.csv', now)], { previous });
    assert.equal(code, exitCodes.differs);
    assert.match(text, /Error BIP-BillingPeriodStatus-C-005/);
  });

  it('asks for what the generator is said to give', async () => {
    const path = await file('good.csv', good);
    const missing = /Error CAU-CostAndUsage-SM-001|Error IND-InvoiceDetail-SM-001/g;
    assert.deepEqual((await check([path])).text.match(missing), ['Error CAU-CostAndUsage-SM-001']);
    assert.equal((await check([charges])).text.match(missing), null);
    const { text } = await check([charges], {
      supports: ['INVOICE_ISSUER_PAYABLE_INVOICES_SUPPORTED'],
    });
    assert.deepEqual(text.match(missing), ['Error IND-InvoiceDetail-SM-001']);
    const own = await check([charges], { own: true });
    assert.deepEqual(own.text.match(missing), ['Error IND-InvoiceDetail-SM-001']);
  });

  it('refuses files that do not belong together', async () => {
    const older = await file('older.csv', 'BilledCost,ProviderName\n1,a\n');
    const path = await file('good.csv', good);
    await assert.rejects(check([path, older]), /it is of FOCUS 1\.2, and a file before it of 1\.4/);
    const other = await file('other.csv', 'BillingPeriodStatus\nOpen\n');
    await assert.rejects(check([path, other]), /other columns than the file of BillingPeriod/);
    await assert.rejects(check([join(folder, 'none.csv')]), { code: 'FocusFileInvalid' });
  });

  it('takes a folder, and names the file, the row and what to do', async () => {
    const wrong = Object.entries({ ...tax, BilledCost: '2O' });
    const place = join(folder, 'delivery', 'part');
    await mkdir(place, { recursive: true });
    const lines = [wrong.map(([name]) => name).join(), wrong.map(([, value]) => value).join()];
    await writeFile(join(place, 'costs.csv'), `${lines.join('\r\n')}\r\n`);
    const { code, text } = await check([join(folder, 'delivery')]);
    assert.equal(code, exitCodes.differs);
    assert.match(text, /Error CAU-BilledCost-C-001-M, CostAndUsage\.BilledCost, 1 time:/);
    assert.match(text, /part\/costs\.csv, row 1: "2O"\n {2}To do: Give the value in that form/);
    const told = JSON.parse((await check([join(folder, 'delivery')], { json: true })).text);
    const [finding] = told.findings;
    assert.deepEqual(finding.examples, [{ file: join(place, 'costs.csv'), row: 1, value: '2O' }]);
    assert.match(finding.advice, /^Give the value/);
  });
});
