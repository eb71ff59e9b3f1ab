import { buildManifest, entity, field } from "@pylonsync/sdk";

const Room = entity("Room", { name: field.string().unique() });

const Message = entity(
  "Message",
  {
    roomId: field.id("Room"),
    author: field.string(),
    text: field.richtext(),
    sentAt: field.datetime(),
  },
  {
    indexes: [{ name: "by_room", fields: ["roomId", "sentAt"], unique: false }],
    relations: [{ name: "room", target: "Room", field: "roomId" }],
  },
);

const manifest = buildManifest({
  name: "chat",
  version: "0.1.0",
  entities: [Room, Message],
  routes: [],
});

console.log(JSON.stringify(manifest, null, 2));
