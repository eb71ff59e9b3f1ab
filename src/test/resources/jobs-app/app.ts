import { buildManifest, entity, field } from "@pylonsync/sdk";

const Effect = entity("Effect", {
  batch: field.string(),
  n: field.int(),
  due: field.float(),
  ran: field.float(),
});

console.log(JSON.stringify(buildManifest({ name: "jobs", version: "0.1.0", entities: [Effect], routes: [] }), null, 2));
