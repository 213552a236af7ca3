import { languageOf, type Language } from '../../../../widgets/src/index.js';

/** What is shown: the first page, or one of those for signing in, for one's account, and for the operator. */
export const screens = ['sign-in', 'forgotten-password', 'invitation', 'password', 'account', 'organisations'] as const;
export type AccountScreen = (typeof screens)[number];

/** What the address of the page keeps: the language in the query, the rest in the hash. Nothing else is kept. */
export interface PageAddress {
  readonly language: Language;
  /** Null: the first page. */
  readonly screen: AccountScreen | null;
  /** Division code of the city chosen on the first page; null when none is chosen. */
  readonly city: string | null;
  /** Code of the failure with which the sign-in provider sent the browser back. */
  readonly refusal: string | null;
}

export function readPageAddress(address: string): PageAddress {
  const url = new URL(address);
  const hash = new URLSearchParams(url.hash.slice(1));
  return {
    language: languageOf(url.searchParams.get('lang')),
    screen: screens.find((screen) => hash.has(screen)) ?? null,
    city: hash.get('city') || null,
    refusal: hash.get('sign-in') || null,
  };
}

/** A token that lets its holder in, found in the address of a link, and the address that may be kept. */
export interface SecretLink {
  readonly token: string;
  readonly withoutToken: string;
}

/** Null: the address holds no token. */
export function readSecretLink(address: string): SecretLink | null {
  const url = new URL(address);
  const hash = new URLSearchParams(url.hash.slice(1));
  for (const screen of ['invitation', 'password'] as const) {
    const token = hash.get(screen);
    if (token) return { token, withoutToken: `${url.pathname}${url.search}#${screen}` };
  }
  return null;
}

/** The same page in another language. */
export function inLanguage(address: string, language: Language): string {
  const url = new URL(address);
  if (language === 'zh-CN') url.searchParams.delete('lang');
  else url.searchParams.set('lang', language);
  return url.pathname + url.search + url.hash;
}

export function cityHash(code: string): string {
  return `#city=${encodeURIComponent(code)}`;
}

/** Shows a screen instead of the one that has done its work: going back does not lead there again. */
export function goTo(screen: AccountScreen): void {
  history.replaceState(null, '', `${location.pathname}${location.search}#${screen}`);
  window.dispatchEvent(new PopStateEvent('popstate'));
}
