/**
 * Cleaning that every cell gets before it is read: Unicode NFKC, trimmed, inner line breaks and runs of blanks become
 * one blank, an apostrophe that a spreadsheet put before digits is dropped.
 */
export function cleanCell(raw: string): string {
  const text = raw.normalize('NFKC').replace(/\s+/gu, ' ').trim();
  return /^'\d/u.test(text) ? text.slice(1) : text;
}

// CJK ideographs and the punctuation of Chinese text that NFKC leaves alone; none of them combines with a neighbour.
const stable = '!-~一-鿿、。《》【】“”‘’—–·×';

/**
 * RE2 pattern, matched in full: a cell that cleaning would leave as it is. Narrower than the truth on purpose: what it
 * does not know is cleaned the slow way.
 */
export const alreadyClean = `[!-&(-~一-鿿、。《》【】“”—–·×][${stable}]*( [${stable}]+)*`;
