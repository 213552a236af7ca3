import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { dictionary } from '../datasets/dictionary.js';
import { issueMessage, message, messageCodes } from './messages.js';

describe('messages', () => {
  it('exist for every code that the check can give', () => {
    const folder = new URL('.', import.meta.url);
    const sources = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .join('\n');
    const patterns = [
      /code: '([a-z_]+)'/gu,
      /problem\('([a-z_]+)'\)/gu,
      /ask\('([a-z_]+)'/gu,
      /(?:THEN|ELSE) '([a-z]+_[a-z_]+)'/gu,
      /warning: '([a-z_]+)'/gu,
      /rule: '([a-z_]+)'/gu,
      /rule = '([a-z_]+)'/gu,
      /'(unknown_value|bad_boolean)'/gu,
    ];
    const notCodes = new Set(['abandoned_queue', 'ivr_only']);
    const used = new Set(patterns.flatMap((pattern) => [...sources.matchAll(pattern)].map((match) => match[1] ?? '')));
    const missing = [...used].filter((code) => !notCodes.has(code) && !messageCodes().includes(code));
    expect(used.size).toBeGreaterThan(25);
    expect(missing).toEqual([]);
  });

  it('say in both languages what is wrong and what to do, for every code', () => {
    for (const code of messageCodes())
      for (const lang of ['zh', 'en'] as const) {
        const { text, remedy } = message(code, {}, lang);
        expect([code, text.length > 3, remedy.length > 3]).toEqual([code, true, true]);
        expect(/[{}]/u.test(text + remedy)).toBe(false);
      }
  });

  it('use the words of the dictionary for its rules', () => {
    for (const dataset of dictionary().datasets)
      for (const rule of dataset.rules) expect(message(rule.id, {}, 'zh').text).toBe(`${rule.message_zh}。`);
    expect(message('calls.long', {}, 'en').text).toBe('Longer than four hours.');
  });

  it('name the column, its limits and options', () => {
    const issue = { rule: 'above_max', column: 'ivr_layers_to_agent', header: '层级', value: '21' };
    expect(issueMessage('mystery_calls', issue, 'zh').text).toBe('“人工入口层级”的值 21 大于允许的最大值 20。');
    const unknown = { rule: 'unknown_value', column: 'audience', header: '身份', value: '机器人' };
    expect(issueMessage('survey_responses', unknown, 'en').text).toBe(
      '“Audience” has no option “机器人”. Options: Citizen, Enterprise.',
    );
  });

  it('list several values in a sentence', () => {
    const params = { header: '评价', values: ['1', '2'] };
    expect(message('ratings_need_mapping', params, 'zh').text).toContain('1、2');
    expect(message('ratings_need_mapping', params, 'en').text).toContain('1, 2');
  });

  it('are not made up for unknown codes', () => {
    expect(() => message('no_such_code', {}, 'zh')).toThrow('no message for the code no_such_code');
  });
});
