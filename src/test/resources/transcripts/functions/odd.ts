import { query } from "@pylonsync/functions";

const values: Record<string, unknown> = {
  undefined: undefined,
  function: () => 1,
  symbol: Symbol("s"),
  date: new Date(0),
  nan: NaN,
  map: new Map([[1, 2]]),
  members: { a: undefined, b: () => 1, c: 1 },
  text: "ä\n😀\u2028",
};

/** Answers values JSON has no words for. */
export default query({ handler: (_, { what }: { what: string }) => values[what] });
