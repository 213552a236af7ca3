import type { BadgeTexts } from '../texts.js';
import { shared } from './shared.js';

export const badgeTexts: BadgeTexts = {
  ...shared,
  chances: 'Chance of each grade',
  dataKinds: 'Data',
  dataKind: { own_data: 'own data', mystery: 'mystery contacts', survey: 'survey' },
  details: 'See the evidence',
};
