import { describe, expect, it } from '@jest/globals';
import { table, textWidth } from './terminal-text.js';

describe('text in a terminal', () => {
  it('counts full-width characters twice', () => {
    expect(textWidth('接通率 88.9%')).toBe(12);
    expect(textWidth('（推定）')).toBe(8);
  });

  it('stands in columns, Chinese and Latin names alike', () => {
    const lines = table(
      [
        ['热线接通率', '72.30'],
        ['audio', '5.00'],
      ],
      new Set([1]),
    );
    expect(lines).toEqual(['热线接通率  72.30', 'audio        5.00']);
  });
});
