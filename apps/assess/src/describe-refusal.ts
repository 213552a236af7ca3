import { message } from '@hotline/rows';
import type { Refusal } from '@hotline/rows';
import type { Language } from './sentence.js';

/** Why a file was refused, and what to do about it. */
export function describeRefusal({ code, params }: Refusal, language: Language): string {
  const { text, remedy } = message(code, params, language);
  return [text, remedy].filter(Boolean).join(language === 'en' ? ' ' : '');
}
