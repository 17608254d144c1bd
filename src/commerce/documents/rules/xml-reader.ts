/** An element by its local name; the namespaces of an invoice differ by its root alone. */
export interface XmlElement {
  readonly name: string;
  /** The namespace that the root declares for its own name; undefined for all other elements. */
  readonly namespace: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, trimmed. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  readonly tag: string;
  text: string;
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
/** One of: comment, CDATA, instruction, tag. What lies between two of them is text. */
const markup =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<(\/?)([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/g;
const attributePattern = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const named: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Reads well-formed XML without a document type into its root element. Undefined for everything else:
 * a document type could name entities, which an invoice has no use for.
 */
export function readXml(xml: string): XmlElement | undefined {
  const top: OpenElement = begin('', '');
  const open: OpenElement[] = [top];
  let end = 0;
  for (const match of xml.matchAll(markup)) {
    const [whole, data, closing, tag = '', attributes = '', selfClosing] = match;
    const current = open.at(-1) ?? top;
    const between = xml.slice(end, match.index);
    end = match.index + whole.length;
    if (!addText(current, between)) return undefined;
    if (data !== undefined) current.text += data;
    if (tag === '') continue;
    if (closing === '/') {
      if (open.length === 1 || current.tag !== tag) return undefined;
      current.text = current.text.trim();
      open.pop();
      continue;
    }
    const element = begin(tag, attributes);
    current.children.push(element);
    if (selfClosing !== '/') open.push(element);
  }
  const isWhole = open.length === 1 && top.children.length === 1;
  return isWhole && addText(top, xml.slice(end)) && top.text.trim() === ''
    ? top.children[0]
    : undefined;
}

function begin(tag: string, attributeText: string): OpenElement {
  const [prefix, local] = tag.includes(':') ? tag.split(':', 2) : ['', tag];
  const attributes = attributeText === '' ? NO_ATTRIBUTES : readAttributes(attributeText);
  const namespace = attributes.get(prefix === '' ? 'xmlns' : `xmlns:${prefix}`);
  return { name: local ?? '', tag, namespace, attributes, children: [], text: '' };
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(attributePattern)) {
    attributes.set(name, resolve(double ?? single ?? '') ?? '');
  }
  return attributes;
}

/** False where a text cannot stand: a `<` that begins nothing, an entity that is none. */
function addText(element: OpenElement, text: string): boolean {
  if (text === '') return true;
  if (text.includes('<')) return false;
  const resolved = text.includes('&') ? resolve(text) : text;
  if (resolved === undefined) return false;
  element.text += resolved;
  return true;
}

/** The text with its entities replaced; undefined where one is unknown. */
function resolve(text: string): string | undefined {
  const unknown: string[] = [];
  const put = (whole: string, hexadecimal?: string, digits?: string, name?: string): string => {
    const code = hexadecimal === undefined ? digits : `0x${hexadecimal}`;
    if (code !== undefined && Number(code) <= 0x10_ff_ff) return String.fromCodePoint(Number(code));
    const character = named.get(name ?? '');
    if (character === undefined) unknown.push(whole);
    return character ?? '';
  };
  const resolved = text.replace(/&(?:#x([\da-fA-F]{1,6})|#(\d{1,7})|(\w+));|&/g, put);
  return unknown.length === 0 ? resolved : undefined;
}

/** All elements at a path of names such as `Party/PostalAddress`. */
export function elementsAt(from: XmlElement, path: string): readonly XmlElement[] {
  let found: readonly XmlElement[] = [from];
  for (const name of path.split('/')) {
    const [only] = found;
    found =
      found.length === 1 && only !== undefined
        ? only.children.filter((child) => child.name === name)
        : found.flatMap((element) => element.children.filter((child) => child.name === name));
  }
  return found;
}

/** The first element at a path. */
export function elementAt(from: XmlElement, path: string): XmlElement | undefined {
  let current: XmlElement | undefined = from;
  for (const name of path.split('/')) {
    current = current.children.find((child) => child.name === name);
    if (current === undefined) return undefined;
  }
  return current;
}

/** The text of the first element at a path, or of its attribute; undefined where it is empty. */
export function textAt(
  from: XmlElement | undefined,
  path: string,
  attribute?: string,
): string | undefined {
  const element = from === undefined ? undefined : elementAt(from, path);
  const text = attribute === undefined ? element?.text : element?.attributes.get(attribute);
  return text === '' ? undefined : text;
}
