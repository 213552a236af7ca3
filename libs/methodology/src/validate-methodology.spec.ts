import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, MethodologyError, methodologyFolder, readMethodFiles, readMethodology } from './index.js';

const id = 'national-2023';
const columns = { calls: ['call_id', 'started_at', 'direction', 'result'] };

interface Break {
  readonly what: string;
  readonly file: string;
  /** Text that stands in the file once or first, and what takes its place. */
  readonly from: string;
  readonly to: string;
  readonly says: string;
}

// One thing is broken in a copy of the real files; the sentence must name file and path.
const shapes: readonly Break[] = [
  {
    what: 'an unknown key',
    file: 'indicators/affinity.yaml',
    from: 'direction: lower',
    to: 'direction: lower\n    colour: red',
    says: 'indicators/affinity.yaml: indicators[0].colour: unknown key',
  },
  {
    what: 'a key that stands twice',
    file: 'aggregation.yaml',
    from: '    parent: channel\n',
    to: '    parent: channel\n    zh: 亲和\n',
    says: 'aggregation.yaml: elements[0].zh: this key stands twice (line 48)',
  },
  {
    what: 'a missing key',
    file: 'indicators/affinity.yaml',
    from: '    direction: lower\n',
    to: '',
    says: 'indicators/affinity.yaml: indicators[0].direction: ',
  },
  {
    what: 'a weight without provenance',
    file: 'indicators/affinity.yaml',
    from: 'weight: { value: 0.3, kind: assumption, source: ours }',
    to: 'weight: 0.3',
    says: 'indicators/affinity.yaml: indicators[0].weight: a number of the method needs its provenance: {value, kind, source}',
  },
  {
    what: 'a curve point without source',
    file: 'indicators/affinity.yaml',
    from: '{ x: 45, score: 30, kind: assumption, source: ours }',
    to: '{ x: 45, score: 30, kind: assumption }',
    says: 'indicators/affinity.yaml: indicators[0].curve.points[2].source: missing',
  },
  {
    what: 'an unknown kind of provenance',
    file: 'protocol.yaml',
    from: 'secondRaterShare: { value: 0.2, kind: assumption',
    to: 'secondRaterShare: { value: 0.2, kind: guess',
    says: 'protocol.yaml: secondRaterShare.kind: ',
  },
  {
    what: 'a time limit in an expression that no limit states',
    file: 'derived.yaml',
    from: '[plus_seconds, closed_at, 604800]',
    to: '[plus_seconds, closed_at, 86400]',
    says: 'derived.yaml: derived.work_orders.callback_due_at: 86400 stands under no limit, so it has no provenance',
  },
];

const trees: readonly Break[] = [
  {
    what: 'an indicator id that stands twice, across files',
    file: 'indicators/outreach.yaml',
    from: '- id: trust\n',
    to: '- id: greeting\n',
    says: 'indicators/outreach.yaml: indicators[2].id: greeting stands already at indicators/affinity.yaml: indicators[0].id',
  },
  {
    what: 'a method id that stands twice',
    file: 'indicators/accessibility.yaml',
    from: '- id: connect_rate.daily',
    to: '- id: connect_rate.calls',
    says: 'indicators/accessibility.yaml: indicators[0].measure.methods[1].id: connect_rate.calls stands already at',
  },
  {
    what: 'weights of siblings that do not sum to 1',
    file: 'indicators/affinity.yaml',
    from: 'weight: { value: 0.4,',
    to: 'weight: { value: 0.5,',
    says: 'indicators/affinity.yaml: indicators: the weights of the indicators of affinity sum to 1.1, not 1',
  },
  {
    what: 'components whose weights do not sum to 1',
    file: 'indicators/commitment.yaml',
    from: 'weight: { value: 0.6, kind: assumption, source: ours }',
    to: 'weight: { value: 0.5, kind: assumption, source: ours }',
    says: 'indicators/commitment.yaml: indicators[0].measure.components: the weights of the components of response_commitment sum to 0.9, not 1',
  },
  {
    what: 'an unknown parent',
    file: 'aggregation.yaml',
    from: 'parent: channel',
    to: 'parent: chanel',
    says: 'aggregation.yaml: elements[0].parent: unknown dimension chanel',
  },
  {
    what: 'indicators of an element that does not exist',
    file: 'indicators/affinity.yaml',
    from: 'element: affinity',
    to: 'element: charm',
    says: 'indicators/affinity.yaml: element: unknown element charm',
  },
];

const numbers: readonly Break[] = [
  {
    what: 'curve points out of order',
    file: 'indicators/affinity.yaml',
    from: '{ x: 45, score: 30',
    to: '{ x: 29, score: 30',
    says: 'indicators/affinity.yaml: indicators[0].curve.points[2].x: 29 does not come after 30',
  },
  {
    what: 'a score that rises where lower is better',
    file: 'indicators/affinity.yaml',
    from: '{ x: 45, score: 30',
    to: '{ x: 45, score: 71',
    says: 'indicators/affinity.yaml: indicators[0].curve.points[2].score: 71 after 70, although lower is better',
  },
  {
    what: 'a component curve that falls where higher is better',
    file: 'indicators/commitment.yaml',
    from: '{ x: 95, score: 85',
    to: '{ x: 95, score: 45',
    says: 'indicators/commitment.yaml: indicators[0].measure.components[1].curve.points[2].score: 45 after 50, although higher is better',
  },
  {
    what: 'grades out of order',
    file: 'aggregation.yaml',
    from: 'grade: B+, minScore: { value: 72',
    to: 'grade: B+, minScore: { value: 76',
    says: 'aggregation.yaml: grades[2].minScore.value: 76 is not below 75 of the better grade',
  },
  {
    what: 'a last grade that leaves scores without a grade',
    file: 'aggregation.yaml',
    from: 'grade: E, minScore: { value: 0',
    to: 'grade: E, minScore: { value: 10',
    says: 'aggregation.yaml: grades[9].minScore.value: the last grade begins at 10, so scores below it have no grade',
  },
  {
    what: 'a gap between population bands',
    file: 'peers.yaml',
    from: 'min: 3000000',
    to: 'min: 4000000',
    says: 'peers.yaml: populationBands.list[2].min: 4000000 does not join on to 3000000',
  },
  {
    what: 'day periods that overlap',
    file: 'derived.yaml',
    from: 'en: noon, start: "11:00"',
    to: 'en: noon, start: "10:00"',
    says: 'derived.yaml: dayPeriods.lists.hotline_periods[1].start: 10:00 is before 11:00',
  },
  {
    what: 'a day off that is no day',
    file: 'working-calendar.yaml',
    from: '2023-06-22',
    to: '2023-06-31',
    says: 'working-calendar.yaml: years.2023.daysOff[10]: 2023-06-31 is no day, expected YYYY-MM-DD',
  },
  {
    what: 'a day off of another year',
    file: 'working-calendar.yaml',
    from: '2023-01-02',
    to: '2022-12-30',
    says: 'working-calendar.yaml: years.2023.daysOff[0]: 2022-12-30 is not in 2023',
  },
  {
    what: 'a make-up day on a weekday',
    file: 'working-calendar.yaml',
    from: '2023-04-23',
    to: '2023-04-24',
    says: 'working-calendar.yaml: years.2023.makeUpDays[2]: 2023-04-24 is a weekday and needs no making up',
  },
];

const references: readonly Break[] = [
  {
    what: 'an unknown source',
    file: 'indicators/affinity.yaml',
    from: 'factor: { value: 0.8, kind: assumption, source: ours }',
    to: 'factor: { value: 0.8, kind: assumption, source: hearsay }',
    says: 'indicators/affinity.yaml: indicators[0].measure.scoreAdjustment.factor.source: unknown source hearsay',
  },
  {
    what: 'a companion that is not defined',
    file: 'indicators/affinity.yaml',
    from: 'companions: [interruptible_share]',
    to: 'companions: [charm]',
    says: 'indicators/affinity.yaml: indicators[0].companions[0]: unknown companion charm',
  },
  {
    what: 'a flag that is not defined',
    file: 'indicators/affinity.yaml',
    from: 'flags: [interruptible_unknown]',
    to: 'flags: [strange]',
    says: 'indicators/affinity.yaml: indicators[0].flags[0]: unknown flag strange',
  },
  {
    what: 'a value of a component that does not exist',
    file: 'indicators/commitment.yaml',
    from: 'valueOf: response_kept_rate',
    to: 'valueOf: kept_rate',
    says: 'indicators/commitment.yaml: indicators[0].measure.valueOf: unknown component kept_rate',
  },
  {
    what: 'a recommendation for an indicator that does not exist',
    file: 'recommendations.yaml',
    from: 'indicators: [audio]',
    to: 'indicators: [video]',
    says: 'recommendations.yaml: rules[1].indicators[0]: unknown indicator video',
  },
  {
    what: 'a recommendation for no indicator',
    file: 'recommendations.yaml',
    from: 'indicators: [audio]',
    to: 'indicators: []',
    says: 'recommendations.yaml: rules[1].indicators: a recommendation needs at least one indicator',
  },
];

const expressions: readonly Break[] = [
  {
    what: 'an unknown operator',
    file: 'indicators/affinity.yaml',
    from: '[filled, greeting_seconds]]',
    to: '[present, greeting_seconds]]',
    says: 'indicators/affinity.yaml: indicators[0].measure.methods[0].rows[2]: unknown operator "present" in a condition',
  },
  {
    what: 'an operator with too few operands',
    file: 'indicators/affinity.yaml',
    from: '[eq, rater_no, 1], [filled, greeting_seconds]]',
    to: '[eq, rater_no], [filled, greeting_seconds]]',
    says: 'indicators/affinity.yaml: indicators[0].measure.methods[0].rows[1]: expected 2 operands, found 1',
  },
  {
    what: 'an unknown derived condition',
    file: 'indicators/accessibility.yaml',
    from: 'rows: [is, is_request]',
    to: 'rows: [is, is_wish]',
    says: 'indicators/accessibility.yaml: indicators[0].measure.methods[0].rows[1]: unknown derived condition "is_wish" of calls',
  },
  {
    what: 'an unknown column, where the dictionary is known',
    file: 'indicators/accessibility.yaml',
    from: 'hit: [eq, result, answered]',
    to: 'hit: [eq, outcome, answered]',
    says: 'indicators/accessibility.yaml: indicators[0].measure.methods[0].hit[1]: unknown column outcome of calls',
  },
  {
    what: 'an unknown list of day periods in a method',
    file: 'indicators/accessibility.yaml',
    from: 'strata: hotline_periods',
    to: 'strata: lunch_breaks',
    says: 'indicators/accessibility.yaml: indicators[1].measure.methods[0].strata: unknown list of day periods lunch_breaks',
  },
  {
    what: 'a derived column that is defined by itself',
    file: 'derived.yaml',
    from: 'callback_due_at: [plus_seconds, closed_at, 604800]',
    to: 'callback_due_at: [plus_seconds, callback_due_at, 604800]',
    says: 'derived.yaml: derived.work_orders.callback_due_at: callback_due_at is defined by itself',
  },
];

describe('a method that is wrong', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'methodology-'));
    folder = join(parent, id);
    cpSync(methodologyFolder(id), folder, { recursive: true });
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const problemsOf = (dictionary?: typeof columns): string => {
    try {
      readMethodology(folder, id, dictionary);
      return 'nothing is wrong';
    } catch (error) {
      if (error instanceof MethodologyError) return error.message;
      throw error;
    }
  };
  const change = (file: string, from: string, to: string) => {
    const text = readFileSync(join(folder, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} holds no ${from}`);
    writeFileSync(
      join(folder, file),
      text.replace(from, () => to),
    );
  };

  it.each([...shapes, ...trees, ...numbers, ...references, ...expressions])(
    'is refused for $what',
    ({ file, from, to, says }) => {
      change(file, from, to);
      expect(problemsOf(says.includes('unknown column') ? columns : undefined)).toContain(says);
    },
  );

  it('is refused for a missing file and for one that nobody reads', () => {
    rmSync(join(folder, 'peers.yaml'));
    writeFileSync(join(folder, 'notes.yaml'), 'a: 1\n');
    const problems = problemsOf();
    expect(problems).toContain('peers.yaml: missing file');
    expect(problems).toContain('notes.yaml: unknown file');
  });

  it('is refused for a folder of another name', () => {
    change('manifest.yaml', 'id: national-2023', 'id: national-2024');
    expect(problemsOf()).toContain('manifest.yaml: id: national-2024 stands in the folder national-2023');
  });

  it('names every problem, not only the first', () => {
    change('indicators/affinity.yaml', 'weight: { value: 0.4,', 'weight: { value: 0.5,');
    change('aggregation.yaml', 'parent: channel', 'parent: chanel');
    const problems = problemsOf();
    expect(problems).toContain('indicators/affinity.yaml: indicators: the weights');
    expect(problems).toContain('aggregation.yaml: elements[0].parent');
  });

  describe('and its digest', () => {
    it('is refused when a published number changed, however small', () => {
      change('indicators/affinity.yaml', '{ x: 45, score: 30', '{ x: 45, score: 30.5');
      expect(problemsOf()).toContain('manifest.yaml: digest: a published version cannot change unnoticed');
    });

    it('stays when only the layout, a comment or a worked example changed', () => {
      const before = digestOf(readMethodFiles(folder).contents);
      appendFileSync(join(folder, 'indicators/affinity.yaml'), '\n# a comment\n');
      change('protocol.yaml', 'secondRaterShare: { value: 0.2, ', 'secondRaterShare: {  value:   0.20,  ');
      change('cases.yaml', 'working: (14 + 31)', 'working: half of (14 + 31)');
      expect(digestOf(readMethodFiles(folder).contents)).toBe(before);
      expect(readMethodology(folder, id).digest).toBe(before);
    });

    it('is computed for a draft, which may still change', () => {
      change('manifest.yaml', 'status: published', 'status: draft');
      change('indicators/affinity.yaml', '{ x: 45, score: 30', '{ x: 45, score: 31');
      expect(readMethodology(folder, id).digest).toBe(digestOf(readMethodFiles(folder).contents));
    });
  });
});
