import { buildManifest, entity, field } from "@pylonsync/sdk";

const Todo = entity("Todo", { title: field.string(), done: field.bool() });

console.log(JSON.stringify(buildManifest({ name: "bench", version: "0.1.0", entities: [Todo], routes: [] }), null, 2));
