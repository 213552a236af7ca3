import { defaultMethodology, loadMethodology, methodologies, type Methodology } from '@hotline/methodology';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { Needs } from '../request/context.decorators.js';
import { MethodologyModel } from './methodology.model.js';

@Resolver(() => MethodologyModel)
export class MethodologyResolver {
  @Query(() => MethodologyModel, {
    nullable: true,
    description: '评估方法；没有此版本则为 null A version of the method; null when there is none',
  })
  @Needs('viewer', 'any')
  methodology(
    @Args('version', {
      type: () => String,
      nullable: true,
      description: '编号或版本号，默认为现行版本 Id or version; the current one by default',
    })
    version?: string | null,
  ): MethodologyModel | null {
    const wanted = version ?? defaultMethodology;
    const known = methodologies().find((entry) => entry.id === wanted || entry.version === wanted);
    return known ? toMethodology(loadMethodology(known.id)) : null;
  }
}

function toMethodology(methodology: Methodology): MethodologyModel {
  const weighted = (node: { id: string; zh: string; en: string; weight: { value: number; kind: string } }) => ({
    id: node.id,
    name: node.zh,
    nameEn: node.en,
    weight: node.weight.value,
    weightKind: node.weight.kind,
  });
  return {
    id: methodology.id,
    version: methodology.version,
    digest: methodology.digest,
    name: methodology.zh,
    nameEn: methodology.en,
    statement: methodology.statement.zh,
    statementEn: methodology.statement.en,
    dimensions: methodology.dimensions.map(weighted),
    elements: methodology.elements.map((element) => ({ ...weighted(element), parent: element.parent })),
    indicators: methodology.indicators.map((indicator) => ({
      ...weighted(indicator),
      parent: indicator.parent,
      unit: indicator.unit,
      direction: indicator.direction,
      description: indicator.description.zh,
      descriptionEn: indicator.description.en,
      curve: (indicator.curve?.points ?? []).map(({ x, score, kind }) => ({ x, score, kind })),
    })),
    grades: methodology.grades.map(({ grade, minScore }) => ({ grade, minScore: minScore.value, kind: minScore.kind })),
  };
}
