import { describe, expect, it } from '@jest/globals';
import type { ExpressionNames } from './index.js';
import { checkCondition, checkValue, conditionText, isConditionExpression, valueText } from './index.js';

const names: ExpressionNames = {
  dataset: 'orders',
  derived: { orders: { is_valid: ['ne', 'is_invalid', true], due_at: ['plus_seconds', 'closed_at', 60] } },
  dayPeriods: ['hours'],
  curve: true,
  period: false,
  columns: { orders: ['id', 'is_invalid', 'closed_at', 'status', 'a', 'b'], visits: ['id', 'reached', 'at'] },
};

describe('the grammar of expressions', () => {
  it.each([
    [['eq', 'status', 'closed']],
    [['ne', 'is_invalid', true]],
    [['in', 'status', ['open', 'closed']]],
    [['not_in', 'status', ['withdrawn']]],
    [['filled', 'due_at']],
    [['empty', ['seconds_between', 'closed_at', 'due_at']]],
    [['ge', 'a', 4]],
    [['le_col', 'closed_at', 'due_at']],
    [['and', ['is', 'is_valid'], ['or', ['gt', 'a', 1], ['not', ['lt', 'b', 0]]]]],
    [['exists', 'visits', { same: 'id', rows: ['eq', 'reached', true], not_after: ['at', 'due_at'] }]],
  ])('takes the condition %j', (condition) => {
    expect(checkCondition(condition, names)).toEqual([]);
    expect(isConditionExpression(condition)).toBe(true);
  });

  it.each([
    ['a'],
    [1],
    [['first_filled', 'a', ['sum_filled', 'a', 'b']]],
    [['later_of', 'closed_at', 'due_at']],
    [['end_of_working_day', 'closed_at', 2]],
    [['if', ['eq', 'status', 'open'], 0, ['curve', 'a']]],
    [['map', 'status', { open: 0, closed: 1 }]],
    [['mean_of_checks', ['a', 'b']]],
    [['stratum', 'hours', 'closed_at']],
  ])('takes the value %j', (value) => {
    expect(checkValue(value, names)).toEqual([]);
    expect(isConditionExpression(value)).toBe(false);
  });

  it.each([
    ['no list', 'status', '', 'expected a condition, found "status"'],
    ['an unknown operator', ['equals', 'a', 1], '', 'unknown operator "equals" in a condition'],
    ['a value as a condition', ['curve', 'a'], '', 'unknown operator "curve" in a condition'],
    ['too many operands', ['eq', 'a', 1, 2], '', 'expected 2 operands, found 3'],
    ['no condition at all', ['and'], '', 'and needs at least one condition'],
    ['an unknown column, deep down', ['not', ['or', ['eq', 'c', 1]]], '[1][1][1]', 'unknown column c of orders'],
    ['an empty list', ['in', 'a', []], '[2]', 'expected a list with at least one item'],
    ['a text where a number belongs', ['ge', 'a', '4'], '[2]', 'expected a number, found "4"'],
    ['an unknown derived condition', ['is', 'is_open'], '[1]', 'unknown derived condition "is_open" of orders'],
    ['a derived column as a condition', ['is', 'due_at'], '[1]', 'unknown derived condition "due_at" of orders'],
    [
      'a derived condition as a column',
      ['filled', 'is_valid'],
      '[1]',
      'is_valid is a condition of orders, not a column; write [is, is_valid]',
    ],
    [
      'a rule of the period on a row',
      ['any_row_in_period', 'visits', 'at'],
      '',
      'any_row_in_period speaks of a period, not of a row',
    ],
    [
      'an unknown dataset',
      ['exists', 'trips', { same: 'id', rows: ['filled', 'id'], not_after: ['at', 'due_at'] }],
      '[1]',
      'unknown dataset "trips"',
    ],
    [
      'a column that the other dataset lacks',
      ['exists', 'visits', { same: 'id', rows: ['eq', 'status', 'open'], not_after: ['at', 'due_at'] }],
      '[2].rows[1]',
      'unknown column status of visits',
    ],
    [
      'a clause with another key',
      ['exists', 'visits', { same: 'id', rows: ['filled', 'id'], before: ['at', 'due_at'] }],
      '[2]',
      'expected {same, rows, not_after: [column, value]} and nothing else',
    ],
  ])('refuses %s in a condition', (_, condition, path, message) => {
    expect(checkCondition(condition, names)).toContainEqual({ path, message });
  });

  it.each([
    ['a condition as a value', ['eq', 'a', 1], '', 'unknown operator "eq" in a value'],
    ['an unknown list of day periods', ['stratum', 'nights', 'a'], '[1]', 'unknown list of day periods "nights"'],
    ['half a working day', ['end_of_working_day', 'a', 0.5], '[2]', 'expected a whole number from 1, found 0.5'],
    ['a table with a text', ['map', 'a', { open: 'x' }], '[2].open', 'expected a number, found "x"'],
    ['an if without else', ['if', ['is', 'is_valid'], 1], '', 'expected 3 operands, found 2'],
  ])('refuses %s in a value', (_, value, path, message) => {
    expect(checkValue(value, names)).toContainEqual({ path, message });
  });

  it('refuses a curve where there is none', () => {
    expect(checkValue(['curve', 'a'], { ...names, curve: false })).toEqual([
      { path: '', message: 'there is no curve here' },
    ]);
  });

  it('takes any column where no dictionary is known', () => {
    const { dataset, derived, dayPeriods, curve, period } = names;
    expect(checkCondition(['eq', 'c', 1], { dataset, derived, dayPeriods, curve, period })).toEqual([]);
  });
});

describe('an expression in words', () => {
  it('reads like a sentence, with brackets where they matter', () => {
    expect(
      conditionText(['and', ['is', 'is_valid'], ['or', ['gt', 'a', 1], ['empty', 'b']], ['ne', 'status', 'open']]),
    ).toBe('is_valid and (a > 1 or b empty) and status ≠ open');
    expect(valueText(['if', ['eq', 'status', 'open'], 0, ['curve', 'a']])).toBe('0 if status = open, else curve(a)');
  });
});
