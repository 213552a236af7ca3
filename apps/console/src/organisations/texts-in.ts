import type { Language } from '../../../../widgets/src/index.js';
import { organisationsEn } from '../locale/organisations-en.js';
import type { OrganisationsTexts } from '../locale/organisations-texts.js';
import { organisationsZhCN } from '../locale/organisations-zh-CN.js';

/** Words of the operator's screen in a language. */
export function organisationsTexts(language: Language): OrganisationsTexts {
  return language === 'en' ? organisationsEn : organisationsZhCN;
}
