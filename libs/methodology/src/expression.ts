/**
 * The prefix lists in which the method writes conditions and values (`["and", ["eq", "status", "closed"], …]`).
 * A bare string where a value is expected is a column or a derived column; a number is itself.
 */
export type Constant = string | number | boolean;

export type Condition =
  | readonly ['eq' | 'ne', string, Constant]
  | readonly ['in' | 'not_in', string, readonly Constant[]]
  | readonly ['filled' | 'empty', Value]
  | readonly ['ge' | 'gt' | 'le' | 'lt', Value, number]
  | readonly ['le_col', string, string]
  | readonly ['and' | 'or', ...Condition[]]
  | readonly ['not', Condition]
  | readonly ['is', string]
  | readonly ['exists', string, ExistsClause]
  | readonly ['any_row_in_period', string, string];

export interface ExistsClause {
  readonly same: string;
  readonly rows: Condition;
  /** [column of the other dataset, value of this row]: the first is not later than the second. */
  readonly not_after: readonly [string, string];
}

export type Value =
  | string
  | number
  | readonly ['first_filled' | 'sum_filled' | 'later_of', ...Value[]]
  | readonly ['seconds_between', Value, Value]
  | readonly ['plus_seconds', Value, number]
  | readonly ['end_of_working_day', Value, number]
  | readonly ['if', Condition, Value, Value]
  | readonly ['map', string, Readonly<Record<string, number>>]
  | readonly ['mean_of_checks', readonly string[]]
  | readonly ['curve', Value]
  | readonly ['stratum', string, string];
