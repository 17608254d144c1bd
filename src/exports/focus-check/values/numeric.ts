import { breaks, good, notOfType, type Verdict } from './verdict.ts';

const strict = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:E-?[0-9]+)?$/;
/** How foreign files write numbers that are still numbers. */
const lenient = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

const DIGITS_0 = 0x30;
const DIGITS_9 = 0x39;

/** Most numbers are plain: they are recognised without a pattern. */
function isPlain(text: string): boolean {
  const first = text.charCodeAt(0) === 0x2d ? 1 : 0;
  const length = text.length;
  if (length === first) return false;
  if (text.charCodeAt(first) === DIGITS_0 && length > first + 1) {
    if (text.charCodeAt(first + 1) !== 0x2e) return false;
  }
  let point = -1;
  for (let at = first; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= DIGITS_0 && code <= DIGITS_9) continue;
    if (code !== 0x2e || point >= 0 || at === first || at === length - 1) return false;
    point = at;
  }
  return true;
}

/** Looks at a number as FOCUS writes it: no plus, no unit, no thousands sign, a capital E. */
export function lookAtNumber(text: string): Verdict {
  if (isPlain(text) || strict.test(text)) return good;
  if (lenient.test(text)) return breaks(waysOfWriting(text));
  return notOfType(reasonOf(text));
}

function waysOfWriting(text: string): string {
  if (text.startsWith('+')) return 'plus';
  if (/[eE]\+/.test(text)) return 'exponentPlus';
  return text.includes('e') ? 'exponent' : 'notation';
}

function reasonOf(text: string): string {
  const bare = text.trim();
  if (/^[[({]?[-+0-9.]+(?:[,;] ?[-+0-9.]+)+[\])}]$/.test(bare)) return 'single';
  if (/^\([0-9.]+\)$|^[0-9.]+-$|^\u2212/.test(bare)) return 'minus';
  if (/^[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$|^[-+]?[0-9]+,[0-9]+$/.test(bare)) {
    return 'comma';
  }
  if (/^[0-9]+(?: [0-9]+)?\/[0-9]+$/.test(bare)) return 'fraction';
  if (/[0-9] ?[*^x/\u00d7] ?[0-9]/.test(bare)) return 'operator';
  if (/^[-+]?\p{Sc} ?[0-9]|^[-+]?[0-9.]+ ?(?:\p{Sc}|%|[A-Za-z]+)$/u.test(bare)) return 'unit';
  return 'notation';
}
