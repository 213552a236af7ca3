import type { Language } from '../../../../widgets/src/index.js';

const beijing = 'Asia/Shanghai';

/** A moment as people read it, by the clock of the service's cities, which it names: 2026年11月30日 20:41（北京时间）. */
export function timeOf(moment: string, language: Language): string {
  const text = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: beijing,
  }).format(new Date(moment));
  return language === 'en' ? `${text} (Beijing time)` : `${text}（北京时间）`;
}

/** Shorter, in lists: 11月27日 20:41. */
export function shortTimeOf(moment: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    ...{ month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    timeZone: beijing,
  }).format(new Date(moment));
}

/** The day alone: 2026年11月27日. */
export function dayOf(moment: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'long',
    timeZone: beijing,
  }).format(new Date(moment));
}
