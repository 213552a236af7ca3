import type { z } from 'zod';
import type { FileContent, FileName, IndicatorFile } from './file-shapes.js';
import { fileShapes, indicatorFileShape, manifestShape } from './file-shapes.js';
import type { Manifest } from './methodology.js';
import type { MethodologyProblem } from './methodology-error.js';
import { pathText } from './methodology-error.js';

/** The files of a method, each of the right shape. */
export type MethodFiles = { readonly [Name in FileName]: FileContent<Name> } & {
  readonly 'manifest.yaml': Manifest;
  /** In the order of the elements. */
  readonly indicators: readonly (IndicatorFile & { readonly file: string })[];
};

/** Checks the shape of every file; null when one is missing or has another shape. */
export function shapeMethodFiles(contents: ReadonlyMap<string, unknown>, problems: MethodologyProblem[]) {
  const before = problems.length;
  const shaped = <Shape extends z.ZodType>(file: string, shape: Shape): z.output<Shape> | null => {
    if (!contents.has(file)) {
      if (!problems.some((problem) => problem.file === file))
        problems.push({ file, path: '', message: 'missing file' });
      return null;
    }
    const result = shape.safeParse(contents.get(file), { reportInput: true });
    if (result.success) return result.data;
    problems.push(...result.error.issues.flatMap((issue) => issueProblems(file, issue)));
    return null;
  };
  const named = Object.fromEntries(
    Object.entries(fileShapes).map(([file, shape]) => [file, shaped<z.ZodType>(file, shape)]),
  );
  const manifest = shaped('manifest.yaml', manifestShape);
  const indicators = [...contents.keys()]
    .filter((file) => file.startsWith('indicators/'))
    .map((file) => ({ file, content: shaped(file, indicatorFileShape) }));
  const known = [...Object.keys(fileShapes), 'manifest.yaml', 'cases.yaml'];
  for (const file of contents.keys()) {
    if (!file.startsWith('indicators/') && !known.includes(file))
      problems.push({ file, path: '', message: 'unknown file' });
  }
  const unread = [manifest, ...Object.values(named)].includes(null);
  if (problems.length > before || unread) return null;
  const files = { ...named, 'manifest.yaml': manifest } as Omit<MethodFiles, 'indicators'>;
  const order = files['aggregation.yaml'].elements.map((element) => element.id);
  const position = (element: string) => (order.includes(element) ? order.indexOf(element) : order.length);
  return {
    ...files,
    indicators: indicators
      .flatMap(({ file, content }) => (content ? [{ file, ...content }] : []))
      .sort((a, b) => position(a.element) - position(b.element)),
  } as MethodFiles;
}

function issueProblems(
  file: string,
  issue: z.core.$ZodIssue,
  above: readonly PropertyKey[] = [],
): MethodologyProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ file, path: pathText([...path, key]), message: 'unknown key' }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that got furthest is the one that was meant.
    const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map((each) => each.path.length));
    const meant = issue.errors.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
    return meant.flatMap((each) => issueProblems(file, each, path));
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined && !issue.message.includes('provenance');
  return [{ file, path: pathText(path), message: missing ? 'missing' : issue.message }];
}
