import { inflateSync } from 'node:zlib';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const JPEG = Buffer.from('ffd8ff', 'hex');
/** Channels by the type of color of a PNG. */
const channels: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);
/** More than any logo needs; a small file can claim to be large. */
const MOST_POINTS = 16_000_000;

/** Those that were looked at: a seller has the same one for all of its invoices. */
const checked = new WeakMap<Uint8Array, boolean>();

/**
 * Whether an image can stand on an invoice: a PNG that is whole and not interlaced, or a JPEG in gray or
 * RGB. PDF/A takes no CMYK beside RGB, and pdfkit reads a PNG later, where nobody could catch its
 * complaint.
 */
export function isUsableLogo(bytes: Uint8Array): boolean {
  let isUsable = checked.get(bytes);
  if (isUsable === undefined) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    isUsable = buffer.subarray(0, 8).equals(PNG) ? isWholePng(buffer) : isPlainJpeg(buffer);
    checked.set(bytes, isUsable);
  }
  return isUsable;
}

function isWholePng(png: Buffer): boolean {
  const data: Buffer[] = [];
  let header: Buffer | undefined;
  let hasPalette = false;
  let at = 8;
  while (at + 12 <= png.length) {
    const end = at + 8 + png.readUInt32BE(at);
    if (end + 4 > png.length) return false;
    const kind = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, end);
    if (kind === 'IHDR') header = body;
    else if (kind === 'PLTE') hasPalette = body.length > 0 && body.length % 3 === 0;
    else if (kind === 'IDAT') data.push(body);
    else if (kind === 'IEND') return isImage(header, Buffer.concat(data), hasPalette);
    at = end + 4;
  }
  return false;
}

function isImage(header: Buffer | undefined, data: Buffer, hasPalette: boolean): boolean {
  if (header?.length !== 13) return false;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [bits, color, interlaced] = [
    header.readUInt8(8),
    header.readUInt8(9),
    header.readUInt8(12),
  ];
  const points = width * height;
  const planes = channels.get(color);
  if (planes === undefined || interlaced !== 0 || (color === 3 && !hasPalette)) return false;
  if (![1, 2, 4, 8, 16].includes(bits) || points === 0 || points > MOST_POINTS) return false;
  const expected = height * (1 + Math.ceil((width * planes * bits) / 8));
  try {
    return inflateSync(data, { maxOutputLength: expected + 1 }).length === expected;
  } catch {
    return false;
  }
}

/** Looks for the frame header, which says how many channels there are. */
function isPlainJpeg(jpeg: Buffer): boolean {
  if (!jpeg.subarray(0, 3).equals(JPEG)) return false;
  let at = 2;
  while (at + 10 <= jpeg.length && jpeg.readUInt8(at) === 0xff) {
    const marker = jpeg.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [1, 3].includes(jpeg.readUInt8(at + 9));
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return false;
}
