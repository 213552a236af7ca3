import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { columnLetters } from '../workbook/column-letters.js';
import { noteCodes, refusalCodes } from './refuse.js';
import { decodeMessages } from './sample-uploads.js';

describe('wording of refusals and notes', () => {
  const messages = decodeMessages();

  it('stands for every code in both languages, each with what to do', () => {
    expect(Object.keys(messages).sort()).toEqual([...refusalCodes, ...noteCodes].sort());
    for (const wording of Object.values(messages)) {
      expect(Object.keys(wording)).toEqual(['zh', 'en', 'remedy_zh', 'remedy_en']);
      for (const sentence of Object.values(wording)) expect(sentence).toMatch(/[。.]$/);
    }
  });
});

describe('codes', () => {
  it('are all used', () => {
    const folder = new URL('.', import.meta.url).pathname;
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && name !== 'refuse.ts')
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const unused = [...refusalCodes, ...noteCodes].filter((code) => !sources.includes(`'${code}'`));
    expect(unused).toEqual([]);
  });
});

describe('letters of a column', () => {
  it.each([
    [0, 'A'],
    [25, 'Z'],
    [26, 'AA'],
    [701, 'ZZ'],
    [702, 'AAA'],
    [16_383, 'XFD'],
  ])('%i is %s', (position, letters) => {
    expect(columnLetters(position)).toBe(letters);
  });
});
