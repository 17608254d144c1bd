import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCanvas } from '@napi-rs/canvas';
import { isUsableLogo } from './logo.ts';

const canvas = createCanvas(40, 20);
canvas.getContext('2d').fillRect(5, 5, 20, 10);
const png = canvas.toBuffer('image/png');
const jpeg = canvas.toBuffer('image/jpeg');

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

describe('isUsableLogo', () => {
  it('takes a PNG and a JPEG', () => {
    assert.ok(isUsableLogo(png));
    assert.ok(isUsableLogo(jpeg));
    assert.ok(isUsableLogo(Uint8Array.from(png)));
  });

  it('takes nothing else', () => {
    for (const bytes of [Buffer.from(''), Buffer.from('GIF89a'), Buffer.from('<svg/>')]) {
      assert.ok(!isUsableLogo(bytes));
    }
  });

  it('takes no PNG that is torn anywhere, that is interlaced, or that claims another size', () => {
    for (let length = 0; length < png.length - 12; length += 7) {
      assert.ok(!isUsableLogo(png.subarray(0, length)), `${length} bytes`);
    }
    assert.ok(!isUsableLogo(changed(png, 28, 1)));
    assert.ok(!isUsableLogo(changed(png, 19, 41)));
    assert.ok(!isUsableLogo(changed(png, 16, 0xff)));
  });

  it('takes no JPEG of four colors', () => {
    const frame = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xc0);
    assert.ok(frame > 0);
    assert.ok(!isUsableLogo(changed(jpeg, frame + 9, 4)));
  });
});
