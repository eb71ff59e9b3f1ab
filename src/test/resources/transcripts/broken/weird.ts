export default { type: "weird", handler: () => 1 };
