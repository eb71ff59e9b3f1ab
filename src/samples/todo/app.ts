import { buildManifest, entity, field } from "@pylonsync/sdk";

const Todo = entity(
  "Todo",
  {
    title: field.string(),
    done: field.bool(),
    notes: field.richtext().optional(),
    due: field.datetime().optional(),
    createdAt: field.datetime(),
  },
  { indexes: [{ name: "by_done", fields: ["done"], unique: false }] },
);

const manifest = buildManifest({
  name: "todo",
  version: "0.1.0",
  entities: [Todo],
  routes: [],
});

// pylon reads the manifest from what this file prints.
console.log(JSON.stringify(manifest, null, 2));
