import { describe, expect, it } from '@jest/globals';
import { placeText, rowPlace, rowsOfSheet } from './row-place.js';

describe('the place of a row', () => {
  it('is its number in a file of one sheet or none, however many rows there are', () => {
    expect(rowPlace(3_000_000, [])).toEqual({ sheet: null, row: 3_000_000 });
    expect(placeText(17, ['通话'])).toBe(17);
  });

  it('is the row of its sheet where there are several, up to the last of a full one', () => {
    const sheets = ['1月', '2月', '3月'];
    expect(placeText(rowsOfSheet, sheets)).toBe('1月!1048576');
    expect(rowPlace(rowsOfSheet + 1, sheets)).toEqual({ sheet: '2月', row: 1 });
    expect(placeText(2 * rowsOfSheet + 2, sheets)).toBe('3月!2');
  });
});
