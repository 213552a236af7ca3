import { ImportError, ImportsService } from '@hotline/imports';
import { datasetIds, type DatasetId } from '@hotline/rows';
import type { RequestContext } from '@hotline/platform';
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { DefinitionInput } from '../definitions/definition.model.js';
import { toStatedChoices } from '../definitions/to-definition.model.js';
import { Context, Needs } from '../request/context.decorators.js';
import { decodeCursor, pageOf, type Connection } from '../request/connection.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import { toFileMapping, UpdateMappingInput } from './file-mapping.input.js';
import { ImportPreviewResult, type ImportPreviewModel } from './import-preview.model.js';
import {
  CommitMode,
  ImportConnection,
  ImportModel,
  ImportPageArgs,
  ImportResult,
  MappingResult,
  type MappingSaved,
} from './import.model.js';
import { toImportPreviewModel } from './to-import-preview.model.js';
import { toImportModel } from './to-import.model.js';

@Resolver(() => ImportModel)
export class ImportResolver {
  constructor(private readonly imports: ImportsService) {}

  @Query(() => ImportConnection, { name: 'imports', description: '导入列表，新的在前 Imports, newest first' })
  @Needs('viewer', 'imports:read')
  async list(@Context() ctx: RequestContext, @Args() page: ImportPageArgs): Promise<Connection<ImportModel>> {
    const { dataset } = page;
    const known = datasetIds.find((id) => id === dataset);
    // A dataset that does not exist has no imports.
    if (typeof dataset === 'string' && !known) return pageOf<never, ImportModel>([], page.first, (entity) => entity);
    const found = await this.imports.list(ctx, {
      first: page.first,
      before: decodeCursor(page.after),
      dataset: (known ?? null) satisfies DatasetId | null,
    });
    return pageOf(found, page.first, toImportModel);
  }

  @Query(() => ImportModel, {
    nullable: true,
    description: '一次导入；不存在则为 null One import; null when there is none',
  })
  @Needs('viewer', 'imports:read')
  async import(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ImportModel | null> {
    try {
      return toImportModel(await this.imports.get(ctx, id));
    } catch (error) {
      if (error instanceof ImportError && error.code === 'import_not_found') return null;
      throw error;
    }
  }

  @Query(() => ImportPreviewResult, {
    description: '检查过的导入一旦生效会怎样 What a checked import would do if committed',
  })
  @Needs('viewer', 'imports:read')
  async importPreview(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ImportPreviewModel | Failure> {
    return orFailure(async () => toImportPreviewModel(await this.imports.preview(ctx, id)));
  }

  @Mutation(() => ImportResult, { description: '使检查过的导入生效 Put a checked import into force' })
  @Needs('analyst', 'imports:write')
  async commitImport(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('mode', {
      type: () => CommitMode,
      defaultValue: CommitMode.GOOD_ROWS,
      description: '有行被拒绝时如何生效 How, where rows were refused',
    })
    mode: CommitMode,
    @Args('onlyIf', {
      type: () => Int,
      nullable: true,
      description:
        '预览的版本：数据已有变化则不生效 Version of a preview: nothing is committed once the rows have changed',
    })
    onlyIf?: number | null,
    @Args('definition', {
      type: () => [DefinitionInput],
      nullable: true,
      description:
        '数据所依据的统计口径，以后的文件沿用；未说明的以方法口径为推定 What the figures follow, remembered for later files; what is not stated is assumed to follow the method',
    })
    definition?: DefinitionInput[] | null,
  ): Promise<ImportModel | Failure> {
    const options = { mode, onlyIf: onlyIf ?? null, definition: toStatedChoices(definition) };
    return orFailure(async () => toImportModel(await this.imports.commit(ctx, id, options)));
  }

  @Mutation(() => ImportResult, { description: '撤销已生效的导入 Take a committed import back' })
  @Needs('analyst', 'imports:write')
  async revertImport(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ImportModel | Failure> {
    return orFailure(async () => toImportModel(await this.imports.revert(ctx, id)));
  }

  @Mutation(() => MappingResult, {
    description:
      '保存某数据集文件的读法，以后的文件自动使用 Save how the files of a dataset are read; later files use it by themselves',
  })
  @Needs('analyst', 'imports:write')
  async updateMapping(
    @Context() ctx: RequestContext,
    @Args('input') input: UpdateMappingInput,
  ): Promise<MappingSaved | Failure> {
    return orFailure(async () => {
      const importId = input.importId ?? null;
      const { dataset, keepOthers } = input;
      const definition = toStatedChoices(input.definition);
      await this.imports.updateMapping(ctx, dataset, toFileMapping(input), { importId, keepOthers, definition });
      return {
        dataset: input.dataset,
        import: importId === null ? null : toImportModel(await this.imports.get(ctx, importId)),
      };
    });
  }
}
