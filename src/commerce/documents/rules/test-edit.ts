/** An edit of an electronic invoice, to plant a fault in it. */
export type Edit = (xml: string) => string;

/**
 * Changes the first element at a path such as `cac:Party/cac:PostalAddress`, whatever lies between.
 * Throws where there is none: a fault that was not planted proves nothing.
 */
function at(path: string, change: (element: string) => string): Edit {
  const [name = '', ...rest] = path.split('/');
  const inner = rest.length === 0 ? change : at(rest.join('/'), change);
  const pattern = new RegExp(`<${name}(?: [^>]*)?>[\\s\\S]*?</${name}>`);
  return (xml) => {
    const found = pattern.exec(xml);
    if (found === null) throw new Error(`There is no ${path} to change.`);
    // From the second character on, so that an element may lie in one of its own name.
    const [whole] = found;
    const changed = rest.length === 0 ? inner(whole) : `<${inner(whole.slice(1))}`;
    return xml.slice(0, found.index) + changed + xml.slice(found.index + whole.length);
  };
}

/** Takes the element away. */
export const drop = (path: string): Edit => at(path, () => '');

/** Gives the element another text. */
export const set = (path: string, text: string): Edit =>
  at(path, (element) => element.replace(/>[^<]*</, () => `>${text}<`));

/** Puts XML first into the element. */
export const add = (path: string, xml: string): Edit =>
  at(path, (element) => element.replace('>', () => `>${xml}`));

/** Gives an attribute of the element another value; none takes it away. */
export const attribute = (path: string, name: string, value?: string): Edit =>
  at(path, (element) =>
    element.replace(
      new RegExp(` ${name}="[^"]*"`),
      value === undefined ? '' : ` ${name}="${value}"`,
    ),
  );

/** Several edits, one after the other. */
export const all =
  (...edits: readonly Edit[]): Edit =>
  (xml) =>
    edits.reduce((changed, edit) => edit(changed), xml);

/** Takes away every element of the name. */
export const dropEvery =
  (name: string): Edit =>
  (xml) =>
    xml.replaceAll(new RegExp(`<${name}>[\\s\\S]*?</${name}>`, 'g'), '');
