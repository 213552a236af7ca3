import { asToken, type SealedValues } from '../sealed-value.js';
import { nothing, value, type Reader } from './reading.js';

const hiddenDigits = /\*|[0-9][xX]|[xX][0-9]|[xX]{2}/u;
/** Said of a caller whose number is not told. */
export const withheld: ReadonlySet<string> = new Set(['匿名', '未知', 'unknown', 'private', 'anonymous']);
const mobile = /^1[3-9][0-9]{9}$/u;
const landLine = /^0[1-9][0-9]{8,10}$/u;
const likeANumber = /^[+0-9() .\-/*xX]+$/u;

/** The one spelling of a number that is hashed, so that equal numbers give equal tokens; null: no number is told. */
export function normalisePhone(text: string): string | null {
  if (hiddenDigits.test(text) || withheld.has(text.toLowerCase())) return null;
  const kept = text.trim().startsWith('+') ? `+${text.replace(/[^0-9]/gu, '')}` : text.replace(/[^0-9]/gu, '');
  if (kept.replace('+', '').length < 3) return null;
  const national = kept.replace(/^(?:\+86|0086)/u, '');
  const abroad = national !== kept;
  const bare = national.replace(/^86(?=1[3-9][0-9]{9}$)/u, '').replace(/^0(?=1[3-9][0-9]{9}$)/u, '');
  if (mobile.test(bare)) return `+86${bare}`;
  if (landLine.test(bare)) return `+86${bare.slice(1)}`;
  if (abroad && /^[1-9][0-9]{8,10}$/u.test(bare)) return `+86${bare}`;
  return bare.length < 3 ? null : bare;
}

/** A value that a report of ours sealed stands for its token; any other is read by `read`. */
function unsealed(sealed: SealedValues, read: Reader): Reader {
  return (text) => {
    const token = sealed.open(text);
    return token === null ? read(text) : value(asToken(token));
  };
}

/** `token`: the column already holds tokens, so only what looks like a number is treated as one. */
export function readPhone(token: boolean, sealed: SealedValues): Reader {
  return unsealed(sealed, (text) => {
    if (token && !likeANumber.test(text) && !withheld.has(text.toLowerCase())) return value(text);
    const number = normalisePhone(text);
    return number === null ? nothing : value(number);
  });
}

export function readPerson(sealed: SealedValues): Reader {
  return unsealed(sealed, (text) => value(text.toUpperCase()));
}
