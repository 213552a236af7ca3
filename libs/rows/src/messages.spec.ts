import { describe, expect, it } from '@jest/globals';
import { message } from './messages.js';

describe('the wording of a code', () => {
  it('names the place and what to do, in the language asked for', () => {
    const { text, remedy } = message('file_empty', {}, 'en');
    expect([text, remedy]).toEqual([
      'The file is empty.',
      'Check that the export finished, then upload the file again.',
    ]);
    expect(message('file_empty', {}, 'zh-CN').text).toBe('文件是空的。');
  });

  it('comes from the dictionary for a rule of rows', () => {
    expect(message('callbacks.unknown_order', {}, 'zh-CN')).toEqual({
      text: '找不到对应工单，不计入回访率',
      remedy: null,
    });
  });

  it('is the code itself where nobody has worded it', () => {
    expect(message('brand_new_rule', {}, 'en')).toEqual({ text: 'brand_new_rule', remedy: null });
  });
});
