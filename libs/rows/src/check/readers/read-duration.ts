import { plainNumber } from './read-number.js';
import { problem, value, type Reader } from './reading.js';

const clock = /^(?:(\d+):)?(\d+):([0-5]\d(?:\.\d+)?)$/u;
const words = /^(?:(\d+)(?:小时|时))?(?:(\d+)(?:分钟|分))?(?:(\d+(?:\.\d+)?)秒?)?$/u;
const secondsPerDay = 86_400;

export interface DurationOptions {
  /** Multiplies plain numbers: 60 where the header says minutes. */
  readonly factor: number;
  /** Plain numbers are fractions of a day (time cells of a workbook). */
  readonly fractionOfDay: boolean;
}

/** Seconds. Two parts are always mm:ss, three parts h:mm:ss. */
export function readDuration(options: DurationOptions): Reader {
  return (text) => {
    const number = plainNumber(text);
    if (number) {
      const plain = Number(number.decimal);
      if (plain < 0) return problem('negative_duration');
      if (options.fractionOfDay) return value(String(Math.round(plain * secondsPerDay)));
      return value(String(plain * options.factor));
    }
    const parts = clock.exec(text);
    if (parts) {
      const [, hours, minutes = '', seconds = ''] = parts;
      if (hours !== undefined && Number(minutes) > 59) return problem('bad_duration');
      return value(String(Number(hours ?? '0') * 3600 + Number(minutes) * 60 + Number(seconds)));
    }
    const said = words.exec(text.replaceAll(' ', ''));
    if (said && /[时分秒]/u.test(text)) {
      const [, hours = '0', minutes = '0', seconds = '0'] = said;
      return value(String(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)));
    }
    if (/^-\s*\d/u.test(text)) return problem('negative_duration');
    return problem('bad_duration');
  };
}
