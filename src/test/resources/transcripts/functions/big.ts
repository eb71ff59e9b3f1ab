import { query, v } from "@pylonsync/functions";

export default query({
  args: { letter: v.string(), count: v.int() },
  handler: (_, { letter, count }) => letter.repeat(count),
});
