import { readFileSync } from 'node:fs';

type Params = Readonly<Record<string, string | number | readonly string[]>>;

const catalogue = JSON.parse(readFileSync(new URL('../../data/messages.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, { readonly zh: string; readonly en: string }>
>;

/** The sentence for a code in both languages, its parameters filled in. */
export function apiMessage(code: string, params: Params = {}): { message: string; messageEn: string } {
  const entry = catalogue[code];
  if (!entry) throw new Error(`no wording for ${code}`);
  return { message: fill(entry.zh, params, '、'), messageEn: fill(entry.en, params, ', ') };
}

function fill(text: string, params: Params, comma: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return Array.isArray(value) ? value.join(comma) : String(value);
  });
}
