import type { MethodFiles } from './method-files.js';
import type { ScoreCurve } from './measure.js';
import type { MethodologyProblem } from './methodology-error.js';

type Report = (file: string, path: string, message: string) => void;

/** Curves rise in the direction of the indicator, grades and bands leave no gap, days and times are real. */
export function checkNumbers(files: MethodFiles): readonly MethodologyProblem[] {
  const problems: MethodologyProblem[] = [];
  const report: Report = (file, path, message) => problems.push({ file, path, message });
  checkCurves(files, report);
  checkGrades(files, report);
  checkBands(files, report);
  checkDayPeriods(files, report);
  checkCalendar(files, report);
  return problems;
}

function checkCurves(files: MethodFiles, report: Report): void {
  for (const { file, indicators } of files.indicators) {
    indicators.forEach(({ curve, measure, direction }, i) => {
      const path = `indicators[${i}]`;
      if (curve) checkCurve(curve, direction, (at, message) => report(file, `${path}.curve${at}`, message));
      if (measure.kind === 'simple') {
        if (!curve) report(file, `${path}.curve`, 'missing');
        return;
      }
      if (curve) report(file, `${path}.curve`, 'the components have curves of their own');
      measure.components.forEach((component, c) =>
        checkCurve(component.curve, direction, (at, message) =>
          report(file, `${path}.measure.components[${c}].curve${at}`, message),
        ),
      );
    });
  }
}

function checkCurve(
  { points }: ScoreCurve,
  direction: 'higher' | 'lower',
  report: (path: string, message: string) => void,
): void {
  points.forEach(({ x, score }, i) => {
    const before = points[i - 1];
    if (!before) return;
    if (x <= before.x) report(`.points[${i}].x`, `${x} does not come after ${before.x}`);
    const wrong = direction === 'higher' ? score < before.score : score > before.score;
    if (wrong) {
      report(`.points[${i}].score`, `${score} after ${before.score}, although ${direction} is better`);
    }
  });
}

function checkGrades(files: MethodFiles, report: Report): void {
  const { grades } = files['aggregation.yaml'];
  grades.forEach(({ minScore }, i) => {
    const path = `grades[${i}].minScore.value`;
    const before = grades[i - 1];
    if (minScore.value < 0 || minScore.value > 100) report('aggregation.yaml', path, 'expected a score of 0 to 100');
    if (before && minScore.value >= before.minScore.value) {
      report('aggregation.yaml', path, `${minScore.value} is not below ${before.minScore.value} of the better grade`);
    }
    if (i === grades.length - 1 && minScore.value !== 0) {
      report('aggregation.yaml', path, `the last grade begins at ${minScore.value}, so scores below it have no grade`);
    }
  });
}

function checkBands(files: MethodFiles, report: Report): void {
  const { list } = files['peers.yaml'].populationBands;
  list.forEach(({ min, below }, i) => {
    const path = `populationBands.list[${i}]`;
    const before = list[i - 1];
    if (min !== (before ? before.below : 0)) {
      report('peers.yaml', `${path}.min`, `${min} does not join on to ${before ? before.below : 0}`);
    }
    if (below !== null && below <= min) report('peers.yaml', `${path}.below`, `${below} is not above ${min}`);
    if (i === list.length - 1 && below !== null) report('peers.yaml', `${path}.below`, 'the last band must be open');
  });
}

function checkDayPeriods(files: MethodFiles, report: Report): void {
  const { lists } = files['derived.yaml'].dayPeriods;
  for (const [name, list] of Object.entries(lists)) {
    list.forEach(({ start, end }, i) => {
      const path = `dayPeriods.lists.${name}[${i}]`;
      const before = list[i - 1];
      // Times of day sort as text.
      if (end <= start) report('derived.yaml', `${path}.end`, `${end} is not after ${start}`);
      if (before && start < before.end) report('derived.yaml', `${path}.start`, `${start} is before ${before.end}`);
    });
  }
}

function checkCalendar(files: MethodFiles, report: Report): void {
  for (const [year, lists] of Object.entries(files['working-calendar.yaml'].years)) {
    for (const [name, days] of Object.entries(lists)) {
      const weekend = name === 'makeUpDays';
      days.forEach((day, i) => {
        const wrong = calendarDayFault(day, year, days[i - 1], weekend);
        if (wrong) report('working-calendar.yaml', `years.${year}.${name}[${i}]`, wrong);
      });
    }
  }
}

function calendarDayFault(day: string, year: string, before: string | undefined, weekend: boolean): string | null {
  const date = new Date(`${day}T00:00:00Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
  if (!real) return `${day} is no day, expected YYYY-MM-DD`;
  if (!day.startsWith(year)) return `${day} is not in ${year}`;
  if (before !== undefined && day <= before) return `${day} does not come after ${before}`;
  const onWeekend = [0, 6].includes(date.getUTCDay());
  if (weekend && !onWeekend) return `${day} is a weekday and needs no making up`;
  if (!weekend && onWeekend) return `${day} is on a weekend and off anyway`;
  return null;
}
