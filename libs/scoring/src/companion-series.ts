/**
 * Fact series that feed the companions of the large datasets: the contract with the producer of facts.
 *
 * Every series is summed over the facts that count in the period (see {@link Fact}). Shapes:
 * - `rows`: one series `S`. n = rows, total = Σ over these rows (0/1 for a share, the quantity for a mean).
 *   companion = total ÷ n × scale.
 * - `sums`: two series. `S`: total = Σ numerator. `S:denominator`: total = Σ denominator. n = rows on both.
 *   companion = total of `S` ÷ total of `S:denominator` × scale.
 *
 * | series | dataset, placed by | n | total | stratum | after / until |
 * |---|---|---|---|---|---|
 * | `connect_15s` | calls, started_at | requests not answered, or answered with known wait | answered with wait ≤ 15 s | – | – |
 * | `connect_30s` | calls, started_at | as connect_15s | answered with wait ≤ 30 s | – | – |
 * | `asa` | calls, started_at | answered requests with known wait | Σ wait_seconds | – | – |
 * | `asa:usable` | calls, started_at | answered requests | those with known wait | – | – |
 * | `wait_p90` | calls, started_at | answered requests with exactly this wait | same as n | wait in seconds, as a decimal number | – |
 * | `abandon_rate` | calls, started_at | requests | abandoned_queue or abandoned_ring | – | – |
 * | `short_abandon_rate` | calls, started_at | requests | abandoned with abandon_wait_seconds < 5 | – | – |
 * | `night_connect_rate` | calls, started_at | requests begun in [00:00, 09:00) | answered | – | – |
 * | `self_service_share` | calls, started_at | real calls | ivr_only | – | – |
 * | `talk_mean` | calls, started_at | answered requests with talk_seconds | Σ talk_seconds | – | – |
 * | `rating_participation:post_call.calls` | calls, started_at | answered inbound calls | those with a valid rating | – | – |
 * | `rating_invited_share` | calls, started_at | answered inbound calls with rating_invited filled | true | – | – |
 * | `on_call_answer_rate` | work_orders, created_at | valid phone orders | is_resolved_on_call = true | – | – |
 * | `return_rate` | work_orders, created_at | dispatched orders | back_count ≥ 1 | – | – |
 * | `return_rate:recorded` | work_orders, created_at | dispatched orders with back_count filled | same as n | – | – |
 * | `rehandle_rate` | work_orders, created_at | dispatched orders | rehandle_count ≥ 1 | – | – |
 * | `rehandle_rate:recorded` | work_orders, created_at | dispatched orders with rehandle_count filled | same as n | – | – |
 * | `orders_by_channel` | work_orders, created_at | valid orders | same as n | channel code, platform_transfer included | – |
 * | `extension_rate` | work_orders, placed as the on_time component | its rows | extension_count ≥ 1 or extended_deadline_at filled | – | – |
 * | `working_days_by_type` | work_orders, closed_at | dispatched orders closed | Σ working days d with date(created) < d ≤ date(closed) | order_type, `other` where empty | – |
 * | `callback_tried_rate` | work_orders, placed as the called_back component | its rows | with any attempt not after callback_due_at | – | – |
 * | `callback_reach` | callbacks, attempted_at | connected attempts | same as n | – | after: day of the order's previous connected attempt |
 * | `callback_reach:denominator` | callbacks, attempted_at | attempts | same as n | – | after: day of the order's previous attempt |
 * | `resolution_rate` | callbacks, attempted_at | connected attempts with is_resolved filled | is_resolved = true | – | until: day of the order's next such attempt |
 * | `callback_satisfaction_first` | callbacks, attempted_at | connected attempts with a valid answer | satisfied | – | after: day of the order's previous such attempt |
 * | `connect_15s.daily` (+ `:denominator`) | call_metrics_daily, date | rows with within_15s filled | Σ within_15s (Σ offered) | – | – |
 * | `connect_30s.daily` (+ `:denominator`) | call_metrics_daily, date | rows with within_30s filled | Σ within_30s (Σ offered) | – | – |
 * | `asa.daily` (+ `:denominator`) | call_metrics_daily, date | rows with wait_seconds_sum filled | Σ wait_seconds_sum (Σ answered) | – | – |
 * | `abandon_rate.daily` (+ `:denominator`) | call_metrics_daily, date | rows with abandoned filled | Σ abandoned (Σ offered) | – | – |
 * | `self_service_share.daily` (+ `:denominator`) | call_metrics_daily, date | rows with self_service and calls_total filled | Σ self_service (Σ calls_total) | – | – |
 * | `talk_mean.daily` (+ `:denominator`) | call_metrics_daily, date | rows with talk_seconds_sum filled | Σ talk_seconds_sum (Σ answered) | – | – |
 * | `rating_participation:post_call.daily` (+ `:denominator`) | call_metrics_daily, date | rows with ratings_valid filled | Σ ratings_valid (Σ answered) | – | – |
 *
 * `after` and `until` must name another day than the fact's own: of several rows of one order on one day only the first
 * (for `after`) or the last (for `until`) is in a fact, since every period holds all of them or none.
 * A row whose denominator cell is empty is in no `.daily` series. Zero cells may be left out.
 *
 * Ready-made in `CityData.companions`, without facts: `repeat_caller_share`, `top_topics`, `interruptible_share`,
 * `menu_layers_mean`, `mystery_connect_by_period`, `mystery_wait_median`, `chat_wait_median`, `chat_reply_median`,
 * `online_parts`, `rater_agreement`, `survey_counts`, `channel_list`.
 * Derived here from observations and the profile: `overdue_rate`, `satisfaction_gap`, `seats_per_100k`.
 */
export const COMPANION_SERIES = [
  'connect_15s',
  'connect_30s',
  'asa',
  'asa:usable',
  'wait_p90',
  'abandon_rate',
  'short_abandon_rate',
  'night_connect_rate',
  'self_service_share',
  'talk_mean',
  'rating_participation:post_call.calls',
  'rating_invited_share',
  'on_call_answer_rate',
  'return_rate',
  'return_rate:recorded',
  'rehandle_rate',
  'rehandle_rate:recorded',
  'orders_by_channel',
  'extension_rate',
  'working_days_by_type',
  'callback_tried_rate',
  'callback_reach',
  'callback_reach:denominator',
  'resolution_rate',
  'callback_satisfaction_first',
  'connect_15s.daily',
  'connect_15s.daily:denominator',
  'connect_30s.daily',
  'connect_30s.daily:denominator',
  'asa.daily',
  'asa.daily:denominator',
  'abandon_rate.daily',
  'abandon_rate.daily:denominator',
  'self_service_share.daily',
  'self_service_share.daily:denominator',
  'talk_mean.daily',
  'talk_mean.daily:denominator',
  'rating_participation:post_call.daily',
  'rating_participation:post_call.daily:denominator',
] as const;

export type CompanionSeries = (typeof COMPANION_SERIES)[number];
