import { describe, expect, it } from '@jest/globals';
import { nearestCodes } from './nearest-codes.js';

const first = (dataset: Parameters<typeof nearestCodes>[0], column: string, value: string): string | undefined =>
  nearestCodes(dataset, column, value)[0]?.code;

describe('the codes nearest to an unknown spelling', () => {
  it.each([
    ['处理完毕', 'closed'],
    ['已处理', 'closed'],
    ['Closed (Duplicate)', 'closed'],
    ['尚未处理完毕', 'open'],
    ['待完成', 'open'],
    ['部门办理中', 'open'],
    ['群众撤诉', 'withdrawn'],
  ])('of a state: %s', (value, code) => {
    expect(first('work_orders', 'status', value)).toBe(code);
  });

  it.each([
    ['Mail', 'mailbox'],
    ['API', 'app'],
    ['政务微信公众号', 'wechat_account'],
    ['市长热线电话', 'phone'],
  ])('of a channel: %s', (value, code) => {
    expect(first('work_orders', 'channel', value)).toBe(code);
  });

  it('are none for a word that is like no other, nor of a column without a list', () => {
    expect(nearestCodes('work_orders', 'channel', 'Carrier pigeon')).toEqual([]);
    expect(nearestCodes('work_orders', 'unit', '城管局')).toEqual([]);
  });

  it('come with their names and a confidence that is never certainty', () => {
    const [nearest] = nearestCodes('work_orders', 'status', '处理完毕');
    expect(nearest).toMatchObject({ code: 'closed', zh: '已办结', en: 'Closed' });
    expect(nearest?.confidence).toBeLessThan(1);
  });
});
