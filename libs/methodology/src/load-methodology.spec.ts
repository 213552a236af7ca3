import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  effectiveWeight,
  loadMethodology,
  methodologies,
  MethodologyError,
  methodologyFolder,
  readMethodology,
} from './index.js';

const dictionary = JSON.parse(readFileSync(new URL('../../rows/data/dictionary.json', import.meta.url), 'utf8')) as {
  datasets: { id: string; columns: { id: string }[] }[];
};
const columns = Object.fromEntries(
  dictionary.datasets.map(({ id, columns: list }) => [id, list.map((each) => each.id)]),
);

describe('loading a method', () => {
  it('gives the national index of 2023 where none is named, read once', () => {
    const methodology = loadMethodology();
    expect(methodology).toMatchObject({ id: 'national-2023', version: '2023.1', status: 'published' });
    expect(loadMethodology('national-2023')).toBe(methodology);
  });

  it('gives something nobody can change', () => {
    const { grades, indicators, derived } = loadMethodology();
    expect(() => Object.assign(grades[0]?.minScore ?? {}, { value: 1 })).toThrow(TypeError);
    expect(() => Object.assign(indicators, { 0: null })).toThrow(TypeError);
    expect(Object.isFrozen(derived['work_orders']?.['is_dispatched'])).toBe(true);
  });

  it('says which methods there are when it is asked for another', () => {
    const load = () => loadMethodology('national-1999');
    expect(load).toThrow(MethodologyError);
    expect(load).toThrow('no method national-1999; there is national-2023');
  });

  it.each(methodologies())(
    'finds nothing wrong in $id, columns of the dictionary included',
    ({ id, version, digest }) => {
      const methodology = readMethodology(methodologyFolder(id), id, columns);
      expect(methodology).toMatchObject({ version, digest });
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  it('has the tree of the report: 3 dimensions, 9 elements, 37 indicators, effective weights that sum to 1', () => {
    const methodology = loadMethodology();
    const { dimensions, elements, indicators } = methodology;
    expect(dimensions.map(({ zh }) => zh)).toEqual(['服务渠道', '服务体验', '总体感知']);
    expect(elements).toHaveLength(9);
    expect(indicators).toHaveLength(37);
    const total = indicators.reduce((sum, { id }) => sum + effectiveWeight(id, methodology), 0);
    expect(total).toBeCloseTo(1, 12);
    expect(effectiveWeight('audio', methodology)).toBeCloseTo(0.018, 12);
  });

  it('has level-2 weights that turn the printed level-2 means into the printed level-1 means', () => {
    const { dimensions, elements } = loadMethodology();
    for (const { id, publishedMean } of dimensions) {
      const children = elements.filter(({ parent }) => parent === id);
      const mean = children.reduce((sum, each) => sum + each.weight.value * each.publishedMean.value, 0);
      expect(Math.abs(mean - publishedMean.value)).toBeLessThan(0.01);
    }
  });

  it('names every text in both languages', () => {
    const missing: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const texts = value as Record<string, unknown>;
      if ('zh' in texts !== 'en' in texts) missing.push(path);
      for (const [key, child] of Object.entries(texts)) visit(child, `${path}.${key}`);
    };
    visit(loadMethodology(), '');
    expect(missing).toEqual([]);
  });
});
