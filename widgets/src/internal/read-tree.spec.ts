import { describe, expect, it } from '@jest/globals';
import { demoCities, summary, tree } from '../../test/sample-documents.js';
import { readDemoCities } from './read-demo-cities.js';
import { readSummary } from './read-summary.js';
import { readTree } from './read-tree.js';

describe('a document of the service', () => {
  it('is read when it is what the contract says, more fields or not', () => {
    expect(readSummary({ ...summary, more: 1 })).toMatchObject({ index: { grade: 'B+' } });
    expect(readTree(tree)).toBe(tree);
    expect(readDemoCities(demoCities)).toBe(demoCities);
  });

  it.each([
    ['nothing', null],
    ['a page of a proxy', '<html>log in</html>'],
    ['a list', []],
    ['a score in words', { ...summary, index: { ...summary.index, score: '73' } }],
    ['no index', { ...summary, index: undefined }],
    ['a city without a name', { ...summary, city: { ...summary.city, zh: 7 } }],
    ['dimensions that are no list', { ...summary, dimensions: {} }],
  ])('is refused when it is %s', (_, document) => {
    expect(readSummary(document)).toBeNull();
  });

  it('is refused when a figure deep inside is no number', () => {
    const [dimension, ...others] = tree.dimensions;
    const broken = {
      ...tree,
      dimensions: [{ ...dimension, elements: [{ ...dimension?.elements[0], indicators: [{ id: 'x' }] }] }, ...others],
    };
    expect(readTree(broken)).toBeNull();
  });
});
