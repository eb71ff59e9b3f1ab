import { query, v } from "@pylonsync/functions";

export default query({
  args: {
    id: v.id("Lot"),
    amount: v.int(),
    note: v.optional(v.string()),
    tags: v.optional(v.array(v.object({ name: v.string(), weight: v.optional(v.number()) }))),
    kind: v.optional(v.union(v.literal("a"), v.literal("b"))),
  },
  handler: (_, args) => args,
});
