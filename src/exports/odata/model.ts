/** The primitive types that the feed has (OData 4.01, part 2: primitive types). */
export type EdmType =
  | 'Edm.String'
  | 'Edm.Guid'
  | 'Edm.Decimal'
  | 'Edm.Int32'
  | 'Edm.Boolean'
  | 'Edm.Date'
  | 'Edm.DateTimeOffset';

/** A property of an entity. */
export interface Property {
  readonly name: string;
  readonly type: EdmType;
  readonly nullable: boolean;
  readonly description: string;
}

/** What a set is made of, apart from where its rows come from. */
export interface EntityShape {
  /** Name of the set, in the plural. */
  readonly name: string;
  /** Name of the type of its entities. */
  readonly type: string;
  readonly description: string;
  /** Names of the properties that tell entities apart. */
  readonly key: readonly string[];
  readonly properties: readonly Property[];
}

/** Schema in which the types are. */
export const NAMESPACE = 'Stackmeter';

export function findProperty(shape: EntityShape, name: string): Property | undefined {
  return shape.properties.find((property) => property.name === name);
}
