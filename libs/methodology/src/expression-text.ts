import type { Condition, Value } from './expression.js';

/** A condition as people write it: `rater_no = 1 and greeting_seconds filled`. */
export function conditionText(condition: Condition): string {
  switch (condition[0]) {
    case 'eq':
      return `${condition[1]} = ${condition[2]}`;
    case 'ne':
      return `${condition[1]} ≠ ${condition[2]}`;
    case 'in':
      return `${condition[1]} in (${condition[2].join(', ')})`;
    case 'not_in':
      return `${condition[1]} not in (${condition[2].join(', ')})`;
    case 'filled':
    case 'empty':
      return `${valueText(condition[1])} ${condition[0]}`;
    case 'ge':
      return `${valueText(condition[1])} ≥ ${condition[2]}`;
    case 'gt':
      return `${valueText(condition[1])} > ${condition[2]}`;
    case 'le':
      return `${valueText(condition[1])} ≤ ${condition[2]}`;
    case 'lt':
      return `${valueText(condition[1])} < ${condition[2]}`;
    case 'le_col':
      return `${condition[1]} ≤ ${condition[2]}`;
    case 'and':
    case 'or':
      return (condition.slice(1) as Condition[]).map(bracketed).join(` ${condition[0]} `);
    case 'not':
      return `not ${bracketed(condition[1])}`;
    case 'is':
      return condition[1];
    case 'exists': {
      const { same, rows, not_after: limit } = condition[2];
      return `a row of ${condition[1]} with the same ${same}, ${conditionText(rows)} and ${limit[0]} ≤ ${limit[1]}`;
    }
    case 'any_row_in_period':
      return `any row of ${condition[1]} with ${condition[2]} in the period`;
  }
}

/** A value as people write it: `curve(wait_seconds)`. */
export function valueText(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value;
  switch (value[0]) {
    case 'if':
      return `${valueText(value[2])} if ${conditionText(value[1])}, else ${valueText(value[3])}`;
    case 'map':
      return `${value[1]} as ${Object.entries(value[2])
        .map(([from, to]) => `${from} ${to}`)
        .join(', ')}`;
    case 'mean_of_checks':
      return `mean of checks (${value[1].join(', ')})`;
    case 'first_filled':
    case 'sum_filled':
    case 'later_of':
    case 'seconds_between':
    case 'plus_seconds':
    case 'end_of_working_day':
    case 'curve':
    case 'stratum':
      return `${value[0].replaceAll('_', ' ')}(${value.slice(1).map(valueText).join(', ')})`;
  }
}

function bracketed(condition: Condition): string {
  const compound = condition[0] === 'and' || condition[0] === 'or';
  return compound ? `(${conditionText(condition)})` : conditionText(condition);
}
