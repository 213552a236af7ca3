import type { BadgeTexts } from '../texts.js';
import { shared } from './shared.js';

export const badgeTexts: BadgeTexts = {
  ...shared,
  chances: '各等级的可能性',
  dataKinds: '数据',
  dataKind: { own_data: '自有数据', mystery: '拨测', survey: '问卷' },
  details: '查看评估依据',
};
