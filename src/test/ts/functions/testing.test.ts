import { afterEach, expect, spyOn, test } from "bun:test";
import { installTestIsolation, resetDb } from "../../../main/ts/functions/testing";

const warn = spyOn(console, "warn").mockImplementation(() => {});

afterEach(() => {
  warn.mockClear();
});

async function resetAgainst(status: number): Promise<object[]> {
  const requests: object[] = [];
  using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch({ method, url, headers }) {
      requests.push({ method, path: new URL(url).pathname, type: headers.get("content-type") });
      return new Response("no", { status });
    },
  });
  await resetDb(`http://127.0.0.1:${server.port}`);
  return requests;
}

test("resetDb posts to the reset route", async () => {
  const requests = await resetAgainst(200);

  expect(requests).toEqual([{ method: "POST", path: "/api/__test__/reset", type: "application/json" }]);
  expect(warn).not.toHaveBeenCalled();
});

test("a server without the route is no reason to warn", async () => {
  await resetAgainst(404);
  expect(warn).not.toHaveBeenCalled();
});

test("a refusal is a warning, not an error", async () => {
  await resetAgainst(403);
  expect(warn.mock.calls[0]?.[0]).toBe("[pylon-test] resetDb skipped: 403 no");
});

test("isolation needs a global beforeEach", () => {
  installTestIsolation();
  expect(warn.mock.calls[0]?.[0]).toContain("no global beforeEach");
});
