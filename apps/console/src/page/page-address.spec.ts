import { describe, expect, it } from '@jest/globals';
import { cityHash, inLanguage, readPageAddress, readSecretLink } from './page-address.js';

const nothing = { language: 'zh-CN', screen: null, city: null, refusal: null };

describe('the address of the page', () => {
  it('keeps language and city, Chinese by default', () => {
    expect(readPageAddress('https://index.example/?lang=en#city=340100')).toEqual({
      ...nothing,
      language: 'en',
      city: '340100',
    });
    expect(readPageAddress('https://index.example/')).toEqual(nothing);
    expect(readPageAddress('https://index.example/?lang=fr#other')).toEqual(nothing);
  });

  it('names a screen, and why a sign-in provider sent back to it', () => {
    expect(readPageAddress('https://index.example/#account')).toEqual({ ...nothing, screen: 'account' });
    expect(readPageAddress('https://index.example/#sign-in=provider_unreachable')).toEqual({
      ...nothing,
      screen: 'sign-in',
      refusal: 'provider_unreachable',
    });
  });

  it('changes the language and keeps the city', () => {
    expect(inLanguage('https://index.example/#city=340100', 'en')).toBe('/?lang=en#city=340100');
    expect(inLanguage('https://index.example/?lang=en#city=340100', 'zh-CN')).toBe('/#city=340100');
  });

  it('reads back the hash it writes', () => {
    expect(readPageAddress(`https://index.example/${cityHash('a&b=1')}`).city).toBe('a&b=1');
  });

  it('gives the token of a link apart from what may stay', () => {
    const token = 'Zb6Qe1Xv9Lk4Tn7Rw2Jm5Hc8Pd3Gs0Yf-_abcdefghi';
    expect(readSecretLink(`https://index.example/?lang=en#invitation=${token}`)).toEqual({
      token,
      withoutToken: '/?lang=en#invitation',
    });
    expect(readSecretLink(`https://index.example/#password=${token}`)).toEqual({ token, withoutToken: '/#password' });
    for (const address of ['/', '/#city=340100', '/#invitation', '/#invitation=', '/#sign-in=x'])
      expect(readSecretLink(`https://index.example${address}`)).toBeNull();
  });
});
