/** Help for tests that run against a dev server with an in-memory database. */

const DEFAULT_BASE_URL = "http://localhost:4321";

/** Longest wait for the server: a test should not hang because it is not there. */
const RESET_TIMEOUT_MS = 5_000;

/** Removes every row from the server's database. Says on the console when it could not; never throws. */
export async function resetDb(baseUrl: string = DEFAULT_BASE_URL): Promise<void> {
  try {
    const response = await fetch(`${baseUrl}/api/__test__/reset`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      signal: AbortSignal.timeout(RESET_TIMEOUT_MS),
    });
    if (!response.ok && response.status !== 404) {
      throw new Error(`${response.status} ${await response.text()}`);
    }
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    console.warn(`[pylon-test] resetDb skipped: ${reason}`);
  }
}

type BeforeEach = (prepare: () => Promise<void>) => void;

/** Empties the database before every test of the file that calls it. */
export function installTestIsolation(baseUrl: string = DEFAULT_BASE_URL): void {
  const beforeEach = (globalThis as { beforeEach?: BeforeEach }).beforeEach;
  if (typeof beforeEach !== "function") {
    console.warn("[pylon-test] installTestIsolation skipped: no global beforeEach");
    return;
  }
  beforeEach(() => resetDb(baseUrl));
}
