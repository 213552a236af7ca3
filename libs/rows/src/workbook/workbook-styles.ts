import { mainNs, xmlHead } from './workbook-parts.js';
import type { CellStyle } from './workbook.js';

/** Ids of built-in formats, and of the one that has to be declared. */
const formatIds = { instant: 164, day: 14, text: 49 } as const;

const fontOf = ({ bold, size }: CellStyle): string =>
  `<font>${bold ? '<b/>' : ''}<sz val="${size ?? 11}"/><name val="宋体"/></font>`;
const fillOf = ({ fill }: CellStyle): string | null =>
  fill === undefined
    ? null
    : `<fill><patternFill patternType="solid"><fgColor rgb="FF${fill}"/><bgColor indexed="64"/></patternFill></fill>`;
const counted = (name: string, parts: readonly string[]): string =>
  `<${name} count="${parts.length}">${parts.join('')}</${name}>`;

/** `xl/styles.xml`: the style of index i in the list has index i in the workbook. */
export function stylesXml(styles: readonly CellStyle[]): string {
  const fonts = [...new Set([fontOf({}), ...styles.map(fontOf)])];
  // The first two are reserved by the format.
  const reserved = ['none', 'gray125'].map((type) => `<fill><patternFill patternType="${type}"/></fill>`);
  const own = styles.map(fillOf).filter((fill) => fill !== null);
  const fills = [...new Set([...reserved, ...own])];
  const borders = ['<border><left/><right/><top/><bottom/><diagonal/></border>'];
  const xfs = styles.map((style) => {
    const format = style.format === undefined ? 0 : formatIds[style.format];
    const font = fonts.indexOf(fontOf(style));
    const fill = Math.max(0, fills.indexOf(fillOf(style) ?? ''));
    const applied = [
      format === 0 ? '' : ' applyNumberFormat="1"',
      font === 0 ? '' : ' applyFont="1"',
      fill === 0 ? '' : ' applyFill="1"',
    ].join('');
    const xf = `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0"${applied}`;
    return style.wrap ? `${xf} applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` : `${xf}/>`;
  });
  const formats = styles.some(({ format }) => format === 'instant')
    ? `<numFmts count="1"><numFmt numFmtId="${formatIds.instant}" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>`
    : '';
  return `${xmlHead}<styleSheet xmlns="${mainNs}">${formats}${counted('fonts', fonts)}${counted('fills', fills)}${counted('borders', borders)}<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>${counted('cellXfs', xfs)}</styleSheet>`;
}
