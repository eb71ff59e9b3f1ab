import { mutation, v } from "@pylonsync/functions";

export default mutation({
  internal: true,
  timeoutMs: 500,
  description: "Not for everybody",
  args: { id: v.id("Lot") },
  handler: () => null,
});
