import { ImportsService, LayoutsService } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import { datasetIds } from '@hotline/rows';
import { Args, ArgsType, Field, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { toStatedChoices } from '../definitions/to-definition.model.js';
import { decodeCursor, listPage, PageArgs, type Connection } from '../request/connection.js';
import { Context, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import {
  FileLayoutConnection,
  FileLayoutModel,
  FileLayoutRemovedResult,
  type FileLayoutRemoved,
} from './file-layout.model.js';
import { toFileMapping, UpdateMappingInput } from './file-mapping.input.js';
import { MappingResult, type MappingSaved } from './import.model.js';
import { toFileLayoutModel } from './to-file-layout.model.js';
import { toImportModel } from './to-import.model.js';

@ArgsType()
class LayoutPageArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: '只看某数据集 Of one dataset' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  dataset?: string | null;
}

@Resolver(() => FileLayoutModel)
export class LayoutResolver {
  constructor(
    private readonly imports: ImportsService,
    private readonly layouts: LayoutsService,
  ) {}

  @Query(() => FileLayoutConnection, {
    description: '记住的文件版式，最近给出的在前 Remembered layouts of files, the last given first',
  })
  @Needs('viewer', 'imports:read')
  async fileLayouts(
    @Context() ctx: RequestContext,
    @Args() page: LayoutPageArgs,
  ): Promise<Connection<FileLayoutModel>> {
    const known = datasetIds.find((id) => id === page.dataset) ?? null;
    // A dataset that does not exist has no layouts.
    const found = known === null && page.dataset ? [] : await this.layouts.list(ctx, known);
    return listPage(found.map(toFileLayoutModel), page.first, decodeCursor(page.after));
  }

  @Mutation(() => MappingResult, {
    description:
      '记住有这些表头的文件如何读取，以后的文件自动照此读取；表头不同的文件另记一种版式 Remember how files with these headers are read; later ones are read like that by themselves. A file with other headers gets a layout of its own',
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
      const layout = await this.layouts.remember(ctx, dataset, toFileMapping(input), {
        importId,
        keepOthers,
        definition,
      });
      return {
        dataset,
        layout: toFileLayoutModel(layout),
        import: importId === null ? null : toImportModel(await this.imports.get(ctx, importId)),
      };
    });
  }

  @Mutation(() => FileLayoutRemovedResult, {
    description: '不再记住一种版式；已导入的数据不变 Forget a layout; what was imported with it stays',
  })
  @Needs('analyst', 'imports:write')
  async removeFileLayout(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<FileLayoutRemoved | Failure> {
    return orFailure(async () => {
      await this.layouts.remove(ctx, id);
      return { id };
    });
  }
}
