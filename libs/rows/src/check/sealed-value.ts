import { keyedHash, keyedToken, storedTokenSql } from './keyed-hash.js';
import { hidePersonalValue } from './mask-personal.js';

const sealed = /#([0-9a-f]{32})([0-9a-f]{8})$/u;

/**
 * Personal values as reports show them: masked, with their token and a proof that it was made with this key, like
 * `138****8000#<token><proof>`. A report that is corrected and uploaded again so gives the very tokens that the original
 * file gave, without holding any number or name.
 */
export interface SealedValues {
  /** @param shown the cleaned cell @param value what is hashed of it */
  seal(shown: string, value: string): string;
  /** The token inside a sealed value; null for any other text, and for one of another key. */
  open(text: string): string | null;
}

export function sealedValues(hexKey: string): SealedValues {
  const hash = keyedHash(hexKey);
  const tokenOf = keyedToken(hexKey);
  const proof = (token: string) => hash(`sealed ${token}`).slice(0, 8);
  return {
    seal: (shown, value) => {
      const token = tokenOf(value);
      return `${hidePersonalValue(shown)}#${token}${proof(token)}`;
    },
    open: (text) => {
      const [, token = '', given] = sealed.exec(text.toLowerCase()) ?? [];
      return token !== '' && proof(token) === given ? token : null;
    },
  };
}

/** A reader's text for a token that is stored as it is. A cleaned cell never begins with a blank, so none can pass for it. */
export const asToken = (token: string): string => ` ${token}`;

/** SQL: what is stored of a reader's text: the token it holds, or else its own. */
export function tokenOrSql(text: string, token: string): string {
  return `CASE WHEN starts_with(${text}, ' ') THEN ${storedTokenSql(`substring(${text}, 2)`)} ELSE ${token} END`;
}
