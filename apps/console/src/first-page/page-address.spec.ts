import { describe, expect, it } from '@jest/globals';
import { cityHash, inLanguage, readPageAddress } from './page-address.js';

describe('the address of the page', () => {
  it('keeps language and city, Chinese by default', () => {
    expect(readPageAddress('https://index.example/?lang=en#city=340100')).toEqual({ language: 'en', city: '340100' });
    expect(readPageAddress('https://index.example/')).toEqual({ language: 'zh-CN', city: null });
    expect(readPageAddress('https://index.example/?lang=fr#other')).toEqual({ language: 'zh-CN', city: null });
  });

  it('changes the language and keeps the city', () => {
    expect(inLanguage('https://index.example/#city=340100', 'en')).toBe('/?lang=en#city=340100');
    expect(inLanguage('https://index.example/?lang=en#city=340100', 'zh-CN')).toBe('/#city=340100');
  });

  it('reads back the hash it writes', () => {
    expect(readPageAddress(`https://index.example/${cityHash('a&b=1')}`).city).toBe('a&b=1');
  });
});
