const CENSORED = '[redacted]';

const SECRET_NAMES =
  'authorization|cookie|secret|passw(?:or)?d|passphrase|token|credential|assertion|' +
  'api-?_?key|private_?key';

/**
 * A member of a JSON object whose name speaks of a secret, with a value of any kind but nested
 * deeper.
 */
const SECRET_MEMBER = new RegExp(
  `("[^"\\\\]*(?:${SECRET_NAMES})[^"\\\\]*":)` +
    `("(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\]|\\{[^{}]*\\}|[^,}\\]"[{]+)`,
  'gi',
);
/** `name=value` inside a text: a form body or a query string. */
const SECRET_PAIR = new RegExp(`((?:${SECRET_NAMES})[\\w-]*=)[^&\\s"'\\\\]+`, 'gi');
/** A member of JSON that was itself quoted inside a text. */
const QUOTED_MEMBER = new RegExp(
  `((?:${SECRET_NAMES})[\\w-]*\\\\+"\\s*:\\s*\\\\+")[^"\\\\]+`,
  'gi',
);
/** The credentials of an Authorization header quoted in a text. */
const CREDENTIALS = /\b(Bearer|Basic)(\s+)[\w.~+/=-]{8,}/gi;
/** The password in an address such as the one of a database. */
const ADDRESS_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*:)[^\s@/"]+@/gi;

const SUSPICIOUS = new RegExp(`${SECRET_NAMES}|bearer|basic|:\\/\\/`, 'i');

/**
 * Takes the secrets out of one line of JSON: members and pairs whose name speaks of one, bearer and
 * basic credentials, passwords in addresses. It works on the finished line, so that it also covers
 * texts, bindings and errors, at any depth; the line stays valid JSON.
 */
export function redact(line: string): string {
  if (!SUSPICIOUS.test(line)) return line;
  return line
    .replace(ADDRESS_PASSWORD, `$1${CENSORED}@`)
    .replace(CREDENTIALS, `$1$2${CENSORED}`)
    .replace(QUOTED_MEMBER, `$1${CENSORED}`)
    .replace(SECRET_PAIR, `$1${CENSORED}`)
    .replace(SECRET_MEMBER, `$1"${CENSORED}"`);
}
