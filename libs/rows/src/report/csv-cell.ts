const plainNumber = /^-\d+(,\d{3})*(\.\d+)?%?$/;
/** Also behind quotation marks and blanks, which programs may take away. */
const startsFormula = /^["\s]*[=+\-@＝＋－＠]|^[\t\r\n]/;

/** A cell of a CSV file. What a spreadsheet would run as a formula gets an apostrophe in front; real numbers stay numbers. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = startsFormula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
  return /[",\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const byteOrderMark = '\ufeff';

export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
