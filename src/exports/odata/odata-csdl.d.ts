/** The package has no types of its own; this is what tests use of it. */
declare module 'odata-csdl' {
  /** A schema in JSON (OData CSDL JSON 4.01). */
  export function xml2json(
    xml: string,
    options: { readonly strict: boolean; readonly messages: unknown[] },
  ): unknown;
}
