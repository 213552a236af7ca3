import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { assumptionShare, loadMethodology, renderMethodology } from './index.js';

const page = new URL('../METHODOLOGY.md', import.meta.url);
const methodology = loadMethodology();
const text = renderMethodology(methodology);

describe('METHODOLOGY.md', () => {
  it('is what the data say (npm run generate writes it anew)', () => {
    expect(readFileSync(page, 'utf8')).toBe(text);
  });

  it('shows every indicator with its weight, curve and assumptions', () => {
    for (const { id, zh, en } of methodology.indicators) expect(text).toContain(`### ${zh} ${en} \`${id}\``);
    expect(text).toContain('| 30 | 70 | 报告所印 published | 2023全国政务热线服务质量评估指数');
    expect(text).toContain('| 45 | 30 | 推定 assumption | 本方法自定 |');
    expect(text).toContain('rows: `rater_no = 1 and greeting_seconds filled`');
  });

  it('says how much of the index rests on assumptions', () => {
    const { weights, curvePoints } = assumptionShare(methodology);
    // No level-3 weight is printed anywhere.
    expect(weights).toBeCloseTo(1, 12);
    expect(Object.values(curvePoints).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(text).toContain('Indicators whose weight is an assumption hold **100 %**');
  });

  it('counts a curve by the kinds of its points', () => {
    const [greeting] = methodology.indicators.filter(({ id }) => id === 'greeting');
    if (!greeting) throw new Error('no greeting');
    // One of the four points of the greeting is printed; its effective weight is 0.3 × 0.2 × 0.3 = 0.018.
    const alone = assumptionShare({ ...methodology, indicators: [greeting] });
    expect(alone.curvePoints.published).toBeCloseTo(0.018 / 4, 12);
    expect(alone.curvePoints.assumption).toBeCloseTo((0.018 * 3) / 4, 12);
  });
});
