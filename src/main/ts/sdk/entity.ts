/** `entity` and `relation`: the rows of an app, and how the manifest says them. */
import type { CrdtKind, FieldBuilder } from "./field";

export interface IndexSpec {
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
}

/** A row of `target`, by its id in the column `field` of the declaring entity. */
export interface RelationSpec {
  readonly name: string;
  readonly target: string;
  readonly field: string;
  readonly many?: boolean;
}

/** Which fields are found by text, counted as facets, and sorted by. */
export interface SearchSpec {
  readonly text?: readonly string[];
  readonly facets?: readonly string[];
  readonly sortable?: readonly string[];
}

export interface EntityOptions {
  readonly indexes?: readonly IndexSpec[];
  readonly relations?: readonly RelationSpec[];
  readonly search?: SearchSpec;
}

export interface EntityDefinition extends EntityOptions {
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldBuilder>>;
}

export interface ManifestField {
  name: string;
  type: string;
  optional: boolean;
  unique: boolean;
  crdt?: CrdtKind;
}

export interface ManifestEntity {
  name: string;
  fields: ManifestField[];
  indexes: IndexSpec[];
  relations?: RelationSpec[];
  search?: Required<SearchSpec>;
}

/** Declares an entity. Its columns stand in the order of `fields`. */
export function entity(
  name: string,
  fields: Readonly<Record<string, FieldBuilder>>,
  options: EntityOptions = {},
): EntityDefinition {
  return { name, fields, ...options };
}

export function relation(spec: RelationSpec): RelationSpec {
  return spec;
}

export function entitiesToManifest(entities: readonly EntityDefinition[]): ManifestEntity[] {
  return entities.map(({ name, fields, indexes = [], relations = [], search }) => ({
    name,
    fields: Object.entries(fields).map(([field, { spec }]) => fieldToManifest(field, spec)),
    indexes: indexes.map(({ name, fields, unique }) => ({ name, fields, unique })),
    ...(relations.length > 0 && { relations: relations.map(relationToManifest) }),
    ...searchToManifest(search),
  }));
}

function fieldToManifest(
  name: string,
  { type, optional, unique, crdt }: FieldBuilder["spec"],
): ManifestField {
  return { name, type, optional, unique, ...(crdt && { crdt }) };
}

function relationToManifest({ name, target, field, many }: RelationSpec): RelationSpec {
  return { name, target, field, ...(many !== undefined && { many }) };
}

/** All three lists where one holds something; nothing where none does. */
function searchToManifest({ text = [], facets = [], sortable = [] }: SearchSpec = {}): Pick<
  ManifestEntity,
  "search"
> {
  const isSearchable = text.length + facets.length + sortable.length > 0;
  return isSearchable ? { search: { text, facets, sortable } } : {};
}
