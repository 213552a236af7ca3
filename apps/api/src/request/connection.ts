import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

@ObjectType({ description: '分页信息 Relay page info' })
export class PageInfo {
  @Field(() => Boolean, { description: '后面是否还有 Whether there are more' })
  hasNextPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: '本页最后一项的游标；空页为 null Cursor of the last item; null on an empty page',
  })
  endCursor!: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: '最多取多少项，1–100 At most so many items, 1–100' })
  @IsInt()
  @Min(1)
  @Max(100)
  first!: number;

  @Field(() => String, { nullable: true, description: '从此游标之后开始 Start after this cursor' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  after?: string | null;
}

export interface Connection<T> {
  edges: { cursor: string; node: T }[];
  pageInfo: PageInfo;
}

/** The Relay connection types of a node type, made once for each. */
export function connectionOf<T>(node: Type<T>, name: string): Type<Connection<T>> {
  @ObjectType(`${name}Edge`, { description: '列表中的一项 One item of the list' })
  class Edge {
    @Field(() => String, { description: '游标 Cursor' })
    cursor!: string;

    @Field(() => node, { description: '内容 The item' })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { description: '分页列表 A page of a list' })
  class ConnectionOfNode {
    @Field(() => [Edge], { description: '各项 The items' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: '分页信息 Page info' })
    pageInfo!: PageInfo;
  }
  return ConnectionOfNode;
}

/** Ids are UUIDs that sort by time; the cursor only hides that from clients. It means nothing outside its own tenant. */
export function encodeCursor(id: string): string {
  return Buffer.from(`v1:${id}`).toString('base64url');
}

/** The id a cursor stands for. A cursor that is none, or another's, finds nothing: it never tells which. */
export function decodeCursor(cursor: string | null | undefined): string | null {
  if (cursor === null || cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const id = /^v1:([0-9a-f-]{36})$/.exec(text)?.[1];
  return id ?? '00000000-0000-0000-0000-000000000000';
}

/** A page from one item more than was asked for. */
export function pageOf<E extends { id: string }, T>(
  found: readonly E[],
  first: number,
  map: (entity: E) => T,
): Connection<T> {
  const shown = found.slice(0, first);
  const edges = shown.map((entity) => ({ cursor: encodeCursor(entity.id), node: map(entity) }));
  return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
}

/** A page of a short list that is there as a whole, after the item a cursor stands for; after one of no item nothing. */
export function listPage<T extends { id: string }>(
  all: readonly T[],
  first: number,
  after: string | null,
): Connection<T> {
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const rest = after !== null && start === 0 ? [] : all.slice(start, start + first + 1);
  return pageOf(rest, first, (item) => item);
}

/** Where an item of a list stands that never changes, and in which list: a cursor means nothing in another one. */
export interface Place {
  /** From 1. */
  readonly place: number;
  /** Id of what the list belongs to, or another mark of it. */
  readonly of: string;
}

export function encodePlace({ place, of }: Place): string {
  return Buffer.from(`v1:#${place}:${of}`).toString('base64url');
}

/** Null for a cursor that is none. */
export function decodePlace(cursor: string): Place | null {
  const [, place, of] = /^v1:#([1-9]\d{0,14}):([\w-]+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  return place === undefined || of === undefined ? null : { place: Number(place), of };
}

/** How many items of a list stand before the page; null for a cursor of another list, or of none: it finds nothing. */
export function itemsBefore(cursor: string | null | undefined, of: string): number | null {
  if (cursor === null || cursor === undefined) return 0;
  const found = decodePlace(cursor);
  return found?.of === of ? found.place : null;
}

/** A page of a list of `total` items, after the first `before` ones. */
export function placedPage<T>(
  nodes: readonly T[],
  { before, total, of }: { readonly before: number; readonly total: number; readonly of: string },
): Connection<T> {
  const edges = nodes.map((node, index) => ({ cursor: encodePlace({ place: before + index + 1, of }), node }));
  const hasNextPage = edges.length > 0 && before + edges.length < total;
  return { edges, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
}
