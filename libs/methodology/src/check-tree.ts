import type { MethodFiles } from './method-files.js';
import type { MethodologyProblem } from './methodology-error.js';

type Report = (file: string, path: string, message: string) => void;

interface Placed {
  readonly id: string;
  readonly file: string;
  readonly path: string;
}

/** Ids stand once, parents exist, and the weights of siblings sum to 1. */
export function checkTree(files: MethodFiles): readonly MethodologyProblem[] {
  const problems: MethodologyProblem[] = [];
  const report: Report = (file, path, message) => problems.push({ file, path, message });
  checkIds(files, report);
  checkParents(files, report);
  checkWeights(files, report);
  return problems;
}

function checkIds(files: MethodFiles, report: Report): void {
  const listed = (file: string, path: string, list: readonly { readonly id: string }[]): Placed[] =>
    list.map(({ id }, i) => ({ id, file, path: `${path}[${i}].id` }));
  const { dimensions, elements, grades } = files['aggregation.yaml'];
  const { regions, tiers, adminLevels, populationBands } = files['peers.yaml'];
  const measured = files.indicators.flatMap(({ file, indicators }) =>
    indicators.map(({ id, measure }, i) => ({ id, measure, file, path: `indicators[${i}]` })),
  );
  const components = measured.flatMap(({ file, path, measure }) =>
    measure.kind === 'components' ? listed(file, `${path}.measure.components`, measure.components) : [],
  );
  const methods = measured.flatMap(({ file, path, measure }) =>
    measure.kind === 'simple'
      ? listed(file, `${path}.measure.methods`, measure.methods)
      : measure.components.flatMap((component, c) =>
          listed(file, `${path}.measure.components[${c}].measure.methods`, component.measure.methods),
        ),
  );
  const groups: readonly (readonly Placed[])[] = [
    [...listed('aggregation.yaml', 'dimensions', dimensions), ...listed('aggregation.yaml', 'elements', elements)],
    grades.map(({ grade }, i) => ({ id: grade, file: 'aggregation.yaml', path: `grades[${i}].grade` })),
    [...measured.map(({ id, file, path }) => ({ id, file, path: `${path}.id` })), ...components],
    methods,
    listed('companions.yaml', 'companions', files['companions.yaml'].companions),
    listed('recommendations.yaml', 'rules', files['recommendations.yaml'].rules),
    listed('conventions.yaml', 'rules', files['conventions.yaml'].rules),
    listed('peers.yaml', 'regions.list', regions.list),
    listed('peers.yaml', 'tiers.list', tiers.list),
    listed('peers.yaml', 'adminLevels.list', adminLevels.list),
    listed('peers.yaml', 'populationBands.list', populationBands.list),
    ...Object.entries(files['derived.yaml'].dayPeriods.lists).map(([name, list]) =>
      listed('derived.yaml', `dayPeriods.lists.${name}`, list),
    ),
  ];
  for (const group of groups) {
    const first = new Map<string, Placed>();
    for (const each of group) {
      const earlier = first.get(each.id);
      if (earlier) report(each.file, each.path, `${each.id} stands already at ${earlier.file}: ${earlier.path}`);
      else first.set(each.id, each);
    }
  }
}

function checkParents(files: MethodFiles, report: Report): void {
  const { dimensions, elements } = files['aggregation.yaml'];
  elements.forEach(({ parent }, i) => {
    if (!dimensions.some(({ id }) => id === parent)) {
      report('aggregation.yaml', `elements[${i}].parent`, `unknown dimension ${parent}`);
    }
  });
  dimensions.forEach(({ id }, i) => {
    if (!elements.some(({ parent }) => parent === id)) {
      report('aggregation.yaml', `dimensions[${i}]`, `no element belongs to ${id}`);
    }
  });
  for (const { file, element } of files.indicators) {
    if (!elements.some(({ id }) => id === element)) report(file, 'element', `unknown element ${element}`);
    if (file !== `indicators/${element}.yaml`)
      report(file, 'element', `${element} belongs into indicators/${element}.yaml`);
  }
  elements.forEach(({ id }, i) => {
    if (!files.indicators.some(({ element }) => element === id)) {
      report('aggregation.yaml', `elements[${i}]`, `there is no file indicators/${id}.yaml`);
    }
  });
}

interface Weighted {
  readonly weight: { readonly value: number };
}

function checkWeights(files: MethodFiles, report: Report): void {
  const { dimensions, elements } = files['aggregation.yaml'];
  const siblings = (file: string, path: string, of: string, children: readonly Weighted[]) => {
    const sum = children.reduce((total, { weight }) => total + weight.value, 0);
    if (children.length > 0 && Math.abs(sum - 1) > 1e-9) {
      report(file, path, `the weights of ${of} sum to ${Number(sum.toFixed(9))}, not 1`);
    }
    children.forEach(({ weight }, i) => {
      if (weight.value <= 0 || weight.value > 1) {
        report(file, `${path}[${i}].weight.value`, `expected a share above 0 and up to 1, found ${weight.value}`);
      }
    });
  };
  siblings('aggregation.yaml', 'dimensions', 'the dimensions', dimensions);
  for (const { id } of dimensions) {
    const children = elements.filter(({ parent }) => parent === id);
    siblings('aggregation.yaml', 'elements', `the elements of ${id}`, children);
  }
  for (const { file, element, indicators } of files.indicators) {
    siblings(file, 'indicators', `the indicators of ${element}`, indicators);
    indicators.forEach(({ id, measure }, i) => {
      if (measure.kind === 'components') {
        siblings(file, `indicators[${i}].measure.components`, `the components of ${id}`, measure.components);
      }
    });
  }
}
