import { describe, expect, it } from '@jest/globals';
import { issueMessage, message } from './messages.js';

describe('the wording of a code', () => {
  it('says what is wrong and what to do, in the language asked for', () => {
    const { text, remedy } = message('file_empty', {}, 'en');
    expect([text, remedy]).toEqual([
      'The file is empty.',
      'Check that the export finished, then upload the file again.',
    ]);
    expect(message('file_empty', {}, 'zh-CN').text).toBe('文件是空的。');
  });

  it('names the column of a row that was refused', () => {
    const issue = { rule: 'required_empty', column: 'started_at', header: '来电时间', value: null };
    expect(issueMessage('calls', issue, 'zh-CN').text).toContain('来电时间');
  });
});
