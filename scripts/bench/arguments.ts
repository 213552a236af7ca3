/** Groups of figures that can be asked for by themselves, in the order in which they are measured. */
export const parts = ['import', 'assess', 'core', 'jobs', 'start'] as const;
export type Part = (typeof parts)[number];

export interface BenchArguments {
  readonly json: boolean;
  /** Without the figures for ten times the rows and without repeats. */
  readonly quick: boolean;
  readonly only: ReadonlySet<Part>;
  /** Calls of the import, and calls a year of the assessed city. */
  readonly rows: number;
}

export const usage =
  'npm run bench [-- --json] [-- --quick] [-- --rows 1000000] [-- --only import,assess,core,jobs,start]\n' +
  '  --json   an array of figures on standard output, nothing else\n' +
  '  --quick  one run of each, without ten times the rows and without the start of the demo\n' +
  '  --rows   calls of the import and of the assessed year, 1000 to 1000000\n' +
  '  --only   some groups of figures only';

/** Arguments after the name of the command. @throws RangeError with a sentence for the person */
export function parseArguments(given: readonly string[]): BenchArguments {
  let json = false;
  let quick = false;
  let rows = 1_000_000;
  let only: Part[] | null = null;
  for (let index = 0; index < given.length; index += 1) {
    const [flag = '', inline] = (given[index] ?? '').split('=', 2);
    const value = (): string => inline ?? given[(index += 1)] ?? '';
    if (flag === '--json') json = true;
    else if (flag === '--quick') quick = true;
    else if (flag === '--rows') rows = wholeNumber(value());
    else if (flag === '--only') only = value().split(',').map(part);
    else throw new RangeError(`unknown argument ${given[index] ?? ''}\n\n${usage}`);
  }
  return { json, quick, rows, only: new Set(only ?? parts.filter((each) => !(quick && each === 'start'))) };
}

function wholeNumber(text: string): number {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  // A workbook holds no more than 1 048 576 rows.
  if (number < 1000 || number > 1_000_000) throw new RangeError('--rows takes a whole number from 1000 to 1000000');
  return number;
}

function part(name: string): Part {
  const known = parts.find((each) => each === name);
  if (known === undefined) throw new RangeError(`--only takes ${parts.join(', ')}, not ${JSON.stringify(name)}`);
  return known;
}
