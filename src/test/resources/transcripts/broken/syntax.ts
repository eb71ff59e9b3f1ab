export default {
  type: "query",
  handler: () => { let a = ; },
};
