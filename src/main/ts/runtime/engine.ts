/** Which engines we run on. */

/** Older ones were seen to fall silent after their first lines. */
const OLDEST_BUN = "1.2.19";

/** Why we do not run on this version of Bun, and what to do about it; null where we do. */
export function refusalOf(version: string): string | null {
  return Bun.semver.order(version, OLDEST_BUN) < 0
    ? `Bun ${version} is too old, pylon needs ${OLDEST_BUN} or later. ` +
        "Install it with: npm install -g bun (or name another with --bun or PYLON_BUN)"
    : null;
}
