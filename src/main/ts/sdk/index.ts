/** `@pylonsync/sdk`: what the entry of an app imports to say what it consists of. */
export { auth } from "./auth";
export type { AuthOptions, ManifestAuth } from "./auth";
export { entitiesToManifest, entity, relation } from "./entity";
export type {
  EntityDefinition,
  EntityOptions,
  IndexSpec,
  ManifestEntity,
  ManifestField,
  RelationSpec,
  SearchSpec,
} from "./entity";
export { field, FieldBuilder } from "./field";
export type { CrdtKind, FieldSpec } from "./field";
export { buildManifest, MANIFEST_VERSION } from "./manifest";
export type { AppDefinition, AppManifest } from "./manifest";
export {
  action,
  actionsToManifest,
  defineRoute,
  queriesToManifest,
  query,
  routesToManifest,
} from "./operations";
export type { InputSpec, ManifestOperation, OperationDefinition, RouteSpec } from "./operations";
export { definePlugin, policiesToManifest, policy } from "./policy";
export type { PluginSpec, PolicySpec } from "./policy";
