import { languageOf, type Language } from '../../../../widgets/src/index.js';

/** What the address of the page keeps: the language in the query, the chosen city in the hash. Nothing else is kept. */
export interface PageAddress {
  readonly language: Language;
  /** Division code of the chosen city; null when none is chosen. */
  readonly city: string | null;
}

export function readPageAddress(address: string): PageAddress {
  const url = new URL(address);
  const city = new URLSearchParams(url.hash.slice(1)).get('city');
  return { language: languageOf(url.searchParams.get('lang')), city: city === '' ? null : city };
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
