import { readFileSync } from 'node:fs';
import type { Refusal } from '@hotline/rows';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];
export type Params = Readonly<Record<string, string | number>>;

let loaded: Readonly<Record<string, Readonly<Record<Language, string>>>> | undefined;

/** The wording of a code in data/messages.json, its `{places}` filled. */
export function sentence(language: Language, code: string, params: Params = {}): string {
  loaded ??= JSON.parse(readFileSync(new URL('../data/messages.json', import.meta.url), 'utf8')) as NonNullable<
    typeof loaded
  >;
  const text = loaded[code]?.[language];
  if (text === undefined) throw new Error(`no message ${code}`);
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(params[name] ?? place));
}

/** Ends the command with a sentence for the person who runs it. */
export class AssessError extends Error {
  constructor(
    readonly code: string,
    readonly params: Params = {},
    /** 2: the command was called wrongly; 1: it was right, but there is nothing to show. */
    readonly exitCode: 1 | 2 = 1,
    /** Files that were refused whole, where that is why. */
    readonly refused: readonly { readonly file: string; readonly refusal: Refusal }[] = [],
  ) {
    super(code);
    this.name = 'AssessError';
  }
}
