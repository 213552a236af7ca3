import { dayNumber } from './calendar.js';
import type { ChannelState } from './city-data.js';

/** Neither is a channel a citizen could use instead of the phone. */
const NOT_COUNTED = new Set(['phone', 'platform_transfer']);

export interface CountedChannels {
  /** At least one valid row, be it for the phone. */
  readonly known: boolean;
  /** The counted row of each non-phone channel. */
  readonly nonPhone: readonly ChannelState[];
  readonly live: readonly ChannelState[];
  /** Observed, not assumed: no live channel leads to a human, and every live one says so. */
  readonly noOnlineHumanService: boolean;
  /** No human online and no live online chat either. */
  readonly noOnlineService: boolean;
}

/** The latest check of each channel in the `maxAgeDays` before `end`; older or later ones say nothing. */
export function countedChannels(rows: readonly ChannelState[], end: string, maxAgeDays: number): CountedChannels {
  const endDay = dayNumber(end);
  const latest = new Map<string, ChannelState>();
  for (const row of rows) {
    const age = endDay - dayNumber(row.checkedAt);
    if (age < 1 || age > maxAgeDays) continue;
    const known = latest.get(row.channel);
    if (known === undefined || row.checkedAt > known.checkedAt) latest.set(row.channel, row);
  }
  const nonPhone = [...latest.values()].filter(({ channel }) => !NOT_COUNTED.has(channel));
  const live = nonPhone.filter(({ columns }) => columns.is_live === true);
  const noOnlineHumanService = latest.size > 0 && live.every(({ columns }) => columns.has_human_chat === false);
  return {
    known: latest.size > 0,
    nonPhone,
    live,
    noOnlineHumanService,
    noOnlineService: noOnlineHumanService && !live.some(({ channel }) => channel === 'online_chat'),
  };
}
