const atImport = process.env["PYLON_TEST_GREETING"];

export default {
  type: "query",
  handler: ({ env }: { env: Record<string, string | undefined> }) => ({
    atImport,
    atCall: env["PYLON_TEST_GREETING"],
    path: env["PATH"] ?? null,
  }),
};
