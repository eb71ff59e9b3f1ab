import { query, v } from "@pylonsync/functions";

export default query({
  args: {
    s: v.string(),
    n: v.optional(v.number()),
    i: v.optional(v.int()),
    b: v.optional(v.boolean()),
    id: v.optional(v.id("Note")),
    lit: v.optional(v.literal("on")),
    list: v.optional(v.array(v.number())),
    obj: v.optional(v.object({ k: v.string(), o: v.optional(v.number()) })),
    either: v.optional(v.union(v.string(), v.number())),
    any: v.optional(v.any()),
    not: v.optional(v.null()),
  },
  async handler(ctx: any, args: any) {
    return args;
  },
});
