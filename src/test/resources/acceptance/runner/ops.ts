import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    const { db } = ctx;
    const id = await db.insert("Note", { text: "first", stars: 1 });
    const answers: Record<string, unknown> = {
      isId: typeof id === "string" && id.length > 0,
      get: (await db.get("Note", id)).text,
      miss: await db.get("Note", "nobody"),
      lookup: (await db.lookup("Note", "text", "first")).stars,
      lookupMiss: await db.lookup("Note", "text", "nobody"),
      list: (await db.list("Note")).length > 0,
      query: (await db.query("Note", { text: "first" })).length,
      graph: Object.keys(await db.queryGraph({ Note: { where: { text: "first" } } })),
      update: await db.update("Note", id, { stars: 2 }),
      updateMiss: await db.update("Note", "nobody", { stars: 2 }),
      updated: (await db.get("Note", id)).stars,
      paginate: Object.keys(await db.paginate("Note", { cursor: null, numItems: 1 })),
      deleteMiss: await db.delete("Note", "nobody"),
      delete: await db.delete("Note", id),
    };
    return answers;
  },
});
