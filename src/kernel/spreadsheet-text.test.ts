import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { spreadsheetText } from './spreadsheet-text.ts';

describe('a text for spreadsheets', () => {
  it('is never a formula, and otherwise as it was', () => {
    for (const bad of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1']) {
      assert.equal(spreadsheetText(bad), `'${bad}`);
    }
    for (const good of ['', 'Atlas', "O'Hara", 'a=b', ' x', '{"a":"=1"}', '1-2']) {
      assert.equal(spreadsheetText(good), good);
    }
    assert.equal(spreadsheetText('a\ud800'), 'a\ufffd');
  });
});
