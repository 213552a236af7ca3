import { hidePersonalValue, maskPersonalNumbers } from '../check/mask-personal.js';
import type { ColumnSpec } from '../datasets/dictionary.js';
import { instantOf, isClock, isCode, isDuration, isNumber, repeatsItself, type SampleColumn } from './sample-column.js';

const longestShown = 80;

/** Headers under which one person or another stands, whatever the values look like. */
const aboutPersons =
  /姓名|名字|称呼|用户|客户|市民|群众|来电人|诉求人|联系人|投诉人|经办人|处理人|受理人|坐席|座席|话务员|电话|手机|号码|身份证|证件|地址|住址|邮箱|微信号|name|phone|mobile|tel|address|e-?mail|caller|customer|citizen|agent|operator/iu;

/**
 * What is shown of a cell of a file that nobody has confirmed yet. Numbers of persons are masked everywhere. A column
 * that is kept is shown; of any other only what is plainly a number, an instant, a code or a word of a short list: of
 * the rest, which may be a name, an address or a story, the first character.
 */
export function maskedCell(text: string, column: SampleColumn, spec: ColumnSpec | null): string {
  if (text === '') return '';
  if (spec?.personal !== undefined) return hidePersonalValue(text);
  if (spec === null && aboutPersons.test(column.header)) return hidePersonalValue(text);
  const plain = isNumber(text) || isClock(text) || isDuration(text) || instantOf(text, column.workbook) !== null;
  if (spec === null && !plain && !isCode(text) && !repeatsItself(column)) return hidePersonalValue(text);
  const masked = maskPersonalNumbers(text);
  return Array.from(masked).length > longestShown ? `${Array.from(masked).slice(0, longestShown).join('')}…` : masked;
}
