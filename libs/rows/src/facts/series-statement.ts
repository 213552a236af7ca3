import type { RowRelation } from '../measures/row-relation.js';
import type { Quantity, SeriesPlan } from '../measures/series-plan.js';
import {
  compileCalendarMissing,
  compileDefaultLimit,
  ExpressionError,
  type NamePart,
} from '../measures/compile-expression.js';
import { sqlText } from '../sql.js';

const scoreType = 'DECIMAL(18, 12)';
const amountType = 'DECIMAL(32, 12)';

/** Condition of the rows that a series counts, put together of what `namePart` makes of its parts. */
export function countedRows(plan: SeriesPlan, rows: RowRelation, namePart: NamePart = (part) => part): string {
  const condition = rows.condition(plan.rows, plan.curve, namePart);
  if (plan.flag === null) return condition;
  const scope = rows.scopeFor(plan.curve);
  const flag =
    plan.flag === 'calendar_missing'
      ? compileCalendarMissing(plan.place, scope)
      : compileDefaultLimit(plan.place, scope);
  if (flag === null) throw new ExpressionError(`${plan.series}: its placing instant cannot raise ${plan.flag}`);
  return `(${condition} AND ${namePart(flag)})`;
}

/** Quantity of a row in exact decimals. A hit is 0 or 1. */
export function rowQuantity(quantity: Quantity, plan: SeriesPlan, rows: RowRelation): string {
  switch (quantity.kind) {
    case 'hit':
      return rows.condition(quantity.condition, plan.curve);
    case 'score': {
      const score = rows.value(quantity.value, plan.curve);
      return `CAST(${quantity.squared ? `(${score}) * (${score})` : score} AS ${scoreType})`;
    }
    case 'amount':
      return `CAST(${rows.value(quantity.value, plan.curve)} AS ${amountType})`;
    case 'working_days': {
      const counted = (column: string) => `${rows.countedWorkingDays(column)}`;
      return `CAST(${counted(quantity.to)} - ${counted(quantity.from)} AS ${amountType})`;
    }
  }
}

/** Value of the stratum of a row; null where the series has none. */
export function rowStratum({ stratum, curve }: SeriesPlan, rows: RowRelation): string | null {
  return stratum === null ? null : rows.value(stratum.value, curve);
}

/** Text of a stratum, of what `rowStratum` gives: made for each group, as making it for each row takes far longer. */
export function stratumText({ stratum }: SeriesPlan, value: string): string {
  const text = `CAST(${value} AS VARCHAR)`;
  return stratum === null || stratum.otherwise === null ? text : `coalesce(${text}, ${sqlText(stratum.otherwise)})`;
}
