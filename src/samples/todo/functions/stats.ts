import { query } from "@pylonsync/functions";

interface Todo {
  done: boolean;
  due: string | null;
}

export default query({
  args: {},
  async handler(ctx) {
    const todos = await ctx.db.list<Todo>("Todo");
    const now = new Date().toISOString();
    const open = todos.filter((todo) => !todo.done);
    return {
      total: todos.length,
      open: open.length,
      overdue: open.filter((todo) => todo.due !== null && todo.due < now).length,
    };
  },
});
