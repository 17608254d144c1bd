import assert from 'node:assert/strict';
import test from 'node:test';
import { summaryHeader, toSummaryCsv, toSummaryRow } from './usage-summary.ts';

test('a row as the export script prints it: 14 columns, each in quotes, quotes doubled', () => {
  assert.equal(
    summaryHeader(),
    '"UsageStartTime","UsageEndTime","MeterName","Quantity","resourceType","location","resourceGroup",' +
      '"resourceName","subowner","tags","MeterId","additionalInfo","subscription","resourceUri"\r\n',
  );
  const subscriptionId = '11111111-2222-4333-8444-555555555555';
  const row = toSummaryRow(
    'day',
    {
      reported: 17_766,
      subscriptionId,
      usage: 17_766,
      resourceKey: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f60',
      meter: 1,
      resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/web-rg/providers/Microsoft.Compute/virtualMachines/web01`,
      location: 'local',
      tags: '{"env":"a,b"}',
      additionalInfo: '',
      meterId: '6dab500f-a4fd-49c4-956d-229bb9c8c793',
      quantity: '23',
    },
    { meterName: () => 'VM size hours', owner: () => 'a@b.example' },
  );
  assert.equal(
    toSummaryCsv(row),
    '"2018-08-23T00:00:00+00:00","2018-08-24T00:00:00+00:00","VM size hours","23.0","virtualMachines","local","web-rg",' +
      '"web01","a@b.example","{""env"":""a,b""}","6dab500f-a4fd-49c4-956d-229bb9c8c793","",' +
      `"${subscriptionId}","/subscriptions/${subscriptionId}/resourceGroups/web-rg/providers/Microsoft.Compute/virtualMachines/web01"\r\n`,
  );
});
