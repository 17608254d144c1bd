import { parseExactJson, type ExactJson } from '../../../kernel/index.ts';
import {
  isJsonObject,
  keptText,
  makeImportRow,
  optionalText,
  readText,
  valuesOf,
  type ImportRow,
  type Instance,
  type Values,
} from './import-row.ts';
import { splitJsonRows } from './json-rows.ts';
import { badFile, badValue, readText as readFileText, type ImportSource } from './text.ts';
import { parseRow } from './usage-summary.ts';

const COLUMNS = {
  usageStart: 'usageStartTime',
  usageEnd: 'usageEndTime',
  subscription: 'subscriptionId',
  meterId: 'meterId',
  quantity: 'quantity',
} as const;

const INSTANCE_DATA = 'instanceData';

/**
 * Reads rows as the usage interfaces of Azure Stack answer them: one answer `{"value":[...]}`, several of them in a list or
 * one after another, a bare list of rows, or rows one after another. A row's fields stand in `properties`, or flat as
 * PowerShell prints them.
 *
 * Holds one row at a time, so the size of the file does not matter.
 *
 * @throws StackmeterError ImportFormat naming row, column and what is expected there
 */
export async function* readAzureRows(source: ImportSource): AsyncGenerator<ImportRow> {
  let row = 0;
  for await (const text of splitJsonRows(readFileText(source))) {
    row++;
    const outer = valuesOf(parseRow(row, text));
    const properties = outer('properties');
    const values = isJsonObject(properties) ? valuesOf(properties) : outer;
    yield makeImportRow(row, values, COLUMNS, readInstance(row, values), INSTANCE_DATA, {
      owner: undefined,
      meterName: optionalText(values, 'meterName'),
    });
  }
  // an answer without rows is a good answer, but as a file to import it is a mistake
  if (row === 0) throw badFile('it has no rows');
}

/** instanceData is JSON text with one key; inside, tags and additionalInfo are mostly text again. */
function readInstance(row: number, values: Values): Instance {
  const resources = valuesOf(instanceObject(row, values(INSTANCE_DATA)))('Microsoft.Resources');
  if (!isJsonObject(resources)) {
    throw badValue(row, INSTANCE_DATA, 'it lacks the object Microsoft.Resources');
  }
  const instance = valuesOf(resources);
  const resourceUri = instance('resourceUri');
  if (typeof resourceUri !== 'string') {
    throw badValue(row, INSTANCE_DATA, 'Microsoft.Resources lacks the text resourceUri');
  }
  return {
    resourceUri,
    location: keptText(instance('location')),
    tags: keptText(instance('tags')),
    additionalInfo: keptText(instance('additionalInfo')),
  };
}

function instanceObject(
  row: number,
  value: ExactJson | undefined,
): { readonly [key: string]: ExactJson } {
  if (isJsonObject(value)) return value;
  const text = readText(row, () => value, INSTANCE_DATA);
  let parsed: ExactJson | undefined;
  try {
    parsed = parseExactJson(text);
  } catch {
    // said below, with what is expected
  }
  if (!isJsonObject(parsed))
    throw badValue(row, INSTANCE_DATA, 'it is not the text of a JSON object');
  return parsed;
}
