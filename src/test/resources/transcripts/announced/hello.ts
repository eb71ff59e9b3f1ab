export default { type: "query", handler: () => "hello" };
