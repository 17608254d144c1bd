/** Signs that are not seen, or that turn the direction of what follows. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu;

/** What JSON is made of, without the space between. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The text with what cannot be seen written out, so that nothing in it can pass for something else. */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, (sign) => {
    if (sign === '\n' || sign === '\t') return sign;
    return `\\u{${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}}`;
  });
}

/** JSON with its lines below each other where it is JSON, else as it is. */
export function indented(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  // Texts and numbers stay as they are written: reading them would cut digits. Only what is between is made anew.
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  return tokens
    .map((token, at) => {
      const isClosing = token === '}' || token === ']';
      const isEmpty = isClosing && (tokens[at - 1] === '{' || tokens[at - 1] === '[');
      if (isClosing) depth -= 1;
      const before = isClosing && !isEmpty ? line() : '';
      const opens = token === '{' || token === '[';
      if (opens) depth += 1;
      const next = tokens[at + 1];
      const isFollowed = token === ',' || (opens && next !== '}' && next !== ']');
      return `${before}${token}${isFollowed ? line() : token === ':' ? ' ' : ''}`;
    })
    .join('');
}

/** JSON for people to edit: the same content, with what cannot be seen written as JSON writes it. */
export function editable(text: string): string {
  return indented(text).replaceAll(UNSEEN, (sign) =>
    sign === '\n' || sign === '\t' ? sign : sign.split('').map(escaped).join(''),
  );
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
