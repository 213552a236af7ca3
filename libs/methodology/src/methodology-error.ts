/** One way in which the files of a method are wrong. */
export interface MethodologyProblem {
  readonly file: string;
  /** Such as `indicators[3].curve.points[1].x`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** The method is not loaded. The message names every problem on a line of its own. */
export class MethodologyError extends Error {
  readonly code: 'methodology_invalid' | 'methodology_unknown' | 'methodology_changed';

  constructor(
    code: MethodologyError['code'],
    sentence: string,
    readonly problems: readonly MethodologyProblem[] = [],
  ) {
    super([sentence, ...problems.map(problemLine)].join('\n'));
    this.name = 'MethodologyError';
    this.code = code;
  }
}

export function problemLine({ file, path, message }: MethodologyProblem): string {
  return path ? `${file}: ${path}: ${message}` : `${file}: ${message}`;
}

/** A path as people write it: `points[1].x`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text ? `${text}.${String(step)}` : String(step);
  }, '');
}
