import { escapeAttribute } from './xml-escape.js';

export const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const mainNs = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationNs = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageNs = 'http://schemas.openxmlformats.org/package/2006';
const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Content of the parts that only say which other parts there are. */
export function packageParts(sheetNames: readonly string[]): readonly (readonly [string, string])[] {
  const sheets = sheetNames.map((name, index) => ({ name: escapeAttribute(name), id: index + 1 }));
  const overrides = sheets.map(
    ({ id }) => `<Override PartName="/xl/worksheets/sheet${id}.xml" ContentType="${mediaType}.worksheet+xml"/>`,
  );
  const listed = sheets.map(({ name, id }) => `<sheet name="${name}" sheetId="${id}" r:id="rId${id}"/>`);
  const relations = sheets.map(
    ({ id }) => `<Relationship Id="rId${id}" Type="${relationNs}/worksheet" Target="worksheets/sheet${id}.xml"/>`,
  );
  return [
    [
      '[Content_Types].xml',
      `${xmlHead}<Types xmlns="${packageNs}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${mediaType}.sheet.main+xml"/>${overrides.join('')}<Override PartName="/xl/styles.xml" ContentType="${mediaType}.styles+xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `${xmlHead}<Relationships xmlns="${packageNs}/relationships"><Relationship Id="rId1" Type="${relationNs}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${xmlHead}<workbook xmlns="${mainNs}" xmlns:r="${relationNs}"><sheets>${listed.join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${xmlHead}<Relationships xmlns="${packageNs}/relationships">${relations.join('')}<Relationship Id="rId${sheets.length + 1}" Type="${relationNs}/styles" Target="styles.xml"/></Relationships>`,
    ],
  ];
}
