import type { ColumnSpec } from '../datasets/dictionary.js';
import { normaliseHeader } from '../decode/header/header-spellings.js';

/** How much a header is like one that the column is known by, 0 to 1: common pairs of letters, or one inside the other. */
export function headerLikeness({ id, zh, en, aliases }: ColumnSpec, header: string): number {
  const name = normaliseHeader(header);
  if (name === '') return 0;
  return Math.max(...[id, zh, en, ...aliases].map((spelling) => likeness(name, normaliseHeader(spelling))));
}

/** Of two texts in lower case without blanks. */
export function likeness(one: string, other: string): number {
  if (one === other) return 1;
  const [first, second] = [pairsOf(one), pairsOf(other)];
  if (first.length === 0 || second.length === 0) return 0;
  const rest = [...second];
  let common = 0;
  for (const pair of first) {
    const at = rest.indexOf(pair);
    if (at === -1) continue;
    rest.splice(at, 1);
    common += 1;
  }
  const alike = (2 * common) / (first.length + second.length);
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const whole = /\p{Script=Han}/u.test(short) ? short.length >= 2 : short.length >= 4;
  return whole && long.includes(short) ? Math.max(alike, 0.75) : alike;
}

function pairsOf(text: string): string[] {
  const letters = Array.from(text);
  return letters.slice(1).map((letter, at) => `${letters[at] ?? ''}${letter}`);
}
