import { buildManifest, entity, field } from "@pylonsync/sdk";

const Todo = entity("Todo", {
  title: field.string(),
  done: field.bool(),
  createdAt: field.datetime(),
});

const manifest = buildManifest({
  name: "{{name}}",
  version: "0.1.0",
  entities: [Todo],
  routes: [],
});

// pylon reads the manifest from what this file prints.
console.log(JSON.stringify(manifest, null, 2));
