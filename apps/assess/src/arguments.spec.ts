import { describe, expect, it } from '@jest/globals';
import { parseArguments } from './arguments.js';
import { AssessError } from './sentence.js';

const right = ['--city', '420100', '--start', '2023-01-01', '--end', '2024-01-01', '--data', 'exports'];

describe('the arguments', () => {
  it('name a city, a period and a folder, in any order and either spelling', () => {
    expect(parseArguments(right)).toEqual({
      city: '420100',
      period: { start: '2023-01-01', end: '2024-01-01' },
      folder: 'exports',
      json: false,
      language: 'zh-CN',
    });
    const other = [
      '--json',
      '--data=my exports',
      '--lang=en',
      '--end=2023-07-01',
      '--start=2023-06-30',
      '--city=110000',
    ];
    expect(parseArguments(other)).toMatchObject({ folder: 'my exports', json: true, language: 'en', city: '110000' });
  });

  it.each([
    ['a missing one', right.slice(2), 'argument_missing'],
    ['one without value', [...right.slice(0, 6), '--data'], 'argument_without_value'],
    ['a flag where a value belongs', ['--city', '--json', ...right.slice(2)], 'argument_without_value'],
    ['one that is given twice', [...right, '--city', '110000'], 'argument_twice'],
    ['one that does not exist', [...right, '--methodology', 'x'], 'argument_unknown'],
    ['a day that does not exist', [...right.slice(0, 3), '2023-02-30', ...right.slice(4)], 'day_invalid'],
    ['another way to write a day', [...right.slice(0, 3), '2023/01/01', ...right.slice(4)], 'day_invalid'],
    ['a period that ends where it begins', [...right.slice(0, 5), '2023-01-01', ...right.slice(6)], 'period_empty'],
    ['an unknown language', [...right, '--lang', 'de'], 'lang_unknown'],
  ])('are refused with a code for %s', (_, given, code) => {
    expect(refusalOf(given)).toEqual({ code, exitCode: 2 });
  });
});

function refusalOf(given: readonly string[]): unknown {
  try {
    return parseArguments(given);
  } catch (error) {
    return error instanceof AssessError ? { code: error.code, exitCode: error.exitCode } : error;
  }
}
