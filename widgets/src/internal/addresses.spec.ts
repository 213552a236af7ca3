import { describe, expect, it } from '@jest/globals';
import { documentAddress, safeAddress } from './addresses.js';

const page = 'https://www.city.gov.cn/rating.html';
const script = 'https://index.example/widgets/v1/grade-badge.js';

describe('an address that may be followed', () => {
  it('is https or of the same origin', () => {
    expect(safeAddress('https://index.example/p/1', page)).toBe('https://index.example/p/1');
    expect(safeAddress('/p/1', page)).toBe('https://www.city.gov.cn/p/1');
    expect(safeAddress('/p/1', 'http://localhost:3000/')).toBe('http://localhost:3000/p/1');
  });

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'http://index.example/p/1',
    'blob:https://index.example/1',
    'https://',
  ])('is never %j', (address) => {
    expect(safeAddress(address, page)).toBeNull();
  });
});

describe('the address of a document', () => {
  it('is under the service, by default where the script came from', () => {
    expect(documentAddress('pk_1', null, 'summary', page, script)).toEqual({
      ok: true,
      url: 'https://index.example/embed/v1/pk_1/summary.json',
    });
    expect(documentAddress('pk_1', 'https://12345.city.gov.cn/index/', 'tree', page, script)).toEqual({
      ok: true,
      url: 'https://12345.city.gov.cn/index/embed/v1/pk_1/tree.json',
    });
    expect(documentAddress('pk_1', '/', 'tree', page, script)).toEqual({
      ok: true,
      url: 'https://www.city.gov.cn/embed/v1/pk_1/tree.json',
    });
  });

  it('may lie without https where the script itself came from, as on a laptop', () => {
    const [portal, local] = ['http://localhost:8080/rating.html', 'http://localhost:3000/widgets/v1/grade-badge.js'];
    const address = { ok: true, url: 'http://localhost:3000/embed/v1/pk_1/tree.json' };
    expect(documentAddress('pk_1', 'http://localhost:3000', 'tree', portal, local)).toEqual(address);
    expect(documentAddress('pk_1', null, 'tree', portal, local)).toEqual(address);
    expect(documentAddress('pk_1', 'http://localhost:3001', 'tree', portal, local)).toMatchObject({ ok: false });
  });

  it('is refused when it is not safe', () => {
    for (const api of ['javascript:x', 'http://index.example', 'data:text/html,x'])
      expect(documentAddress('pk_1', api, 'tree', page, script)).toEqual({ ok: false, failure: 'address' });
  });

  it.each(['', '..', '../admin', 'a/b', 'a?b', 'a#b', 'a%2fb', '"><img>'])('has no key like %j', (key) => {
    expect(documentAddress(key, null, 'tree', page, script)).toEqual({ ok: false, failure: 'key' });
  });
});
