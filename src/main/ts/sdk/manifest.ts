/** `buildManifest`: everything the server needs to know of an app, as plain data. */
import type { ManifestAuth } from "./auth";
import { auth } from "./auth";
import type { EntityDefinition, ManifestEntity } from "./entity";
import { entitiesToManifest } from "./entity";
import type { ManifestOperation, OperationDefinition, RouteSpec } from "./operations";
import { actionsToManifest, queriesToManifest, routesToManifest } from "./operations";
import type { PolicySpec } from "./policy";
import { policiesToManifest } from "./policy";

/** The only version servers accept. */
export const MANIFEST_VERSION = 1;

export interface AppDefinition {
  readonly name: string;
  readonly version: string;
  readonly entities: readonly EntityDefinition[];
  readonly routes: readonly RouteSpec[];
  readonly queries?: readonly OperationDefinition[];
  readonly actions?: readonly OperationDefinition[];
  readonly policies?: readonly PolicySpec[];
  readonly auth?: ManifestAuth;
}

export interface AppManifest {
  manifest_version: typeof MANIFEST_VERSION;
  name: string;
  version: string;
  entities: ManifestEntity[];
  routes: RouteSpec[];
  queries: ManifestOperation[];
  actions: ManifestOperation[];
  policies: PolicySpec[];
  auth: ManifestAuth;
}

export function buildManifest(app: AppDefinition): AppManifest {
  return {
    manifest_version: MANIFEST_VERSION,
    name: app.name,
    version: app.version,
    entities: entitiesToManifest(app.entities),
    routes: routesToManifest(app.routes),
    queries: queriesToManifest(app.queries ?? []),
    actions: actionsToManifest(app.actions ?? []),
    policies: policiesToManifest(app.policies ?? []),
    auth: app.auth ?? auth(),
  };
}
