import { NAMESPACE, type EntityShape, type Property } from './model.ts';

/** Digits of a decimal, and after its point as many as there are. */
const DECIMAL = ' Precision="50" Scale="variable"';
const CONTAINER = 'Feed';

/** The types and sets of the feed in XML (OData CSDL 4.01, XML). */
export function metadataXml(shapes: readonly EntityShape[]): string {
  const types = shapes.map(
    ({ type, description, key, properties }) => `
      <EntityType Name="${type}">
        <Key>${key.map((name) => `<PropertyRef Name="${name}"/>`).join('')}</Key>${properties.map(propertyXml).join('')}
        <Annotation Term="Org.OData.Core.V1.Description" String="${escape(description)}"/>
      </EntityType>`,
  );
  const sets = shapes.map(
    ({ name, type }) => `
        <EntitySet Name="${name}" EntityType="${NAMESPACE}.${type}"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml">
    <edmx:Include Namespace="Org.OData.Core.V1"/>
  </edmx:Reference>
  <edmx:DataServices>
    <Schema Namespace="${NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">${types.join('')}
      <EntityContainer Name="${CONTAINER}">${sets.join('')}
      </EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
`;
}

function propertyXml({ name, type, nullable, description }: Property): string {
  const facets =
    type === 'Edm.Decimal' ? DECIMAL : type === 'Edm.DateTimeOffset' ? ' Precision="0"' : '';
  return `
        <Property Name="${name}" Type="${type}" Nullable="${nullable}"${facets}>
          <Annotation Term="Org.OData.Core.V1.Description" String="${escape(description)}"/>
        </Property>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** What sets there are (OData JSON 4.01: service document). */
export function serviceDocument(
  address: string,
  shapes: readonly EntityShape[],
): Readonly<Record<string, unknown>> {
  return {
    '@odata.context': `${address}/$metadata`,
    value: shapes.map(({ name }) => ({ name, kind: 'EntitySet', url: name })),
  };
}
