/** `auth`: who users are and how long they stay signed in. */

export interface AuthOptions {
  readonly user?: {
    readonly entity?: string;
    /** The only fields of the user that sessions show, where it names any. */
    readonly expose?: readonly string[];
    /** Fields of the user that sessions never show. */
    readonly hide?: readonly string[];
  };
  readonly session?: {
    /** Seconds. */
    readonly expiresIn?: number;
    readonly cookieCache?: {
      readonly enabled?: boolean;
      /** Seconds. */
      readonly maxAge?: number;
      readonly claims?: readonly string[];
    };
  };
  readonly trustedOrigins?: readonly string[];
}

export interface ManifestAuth {
  user: { entity: string; expose: readonly string[]; hide: readonly string[] };
  session: {
    expires_in: number;
    cookie_cache: { enabled: boolean; max_age: number; claims: readonly string[] };
  };
  trusted_origins: readonly string[];
}

const THIRTY_DAYS_S = 30 * 24 * 60 * 60;

const FIVE_MINUTES_S = 5 * 60;

/** Fills in every default, so that the manifest says what holds. */
export function auth({ user = {}, session = {}, trustedOrigins = [] }: AuthOptions = {}): ManifestAuth {
  const {
    enabled = false,
    maxAge = FIVE_MINUTES_S,
    claims = ["is_admin", "tenant_id"],
  } = session.cookieCache ?? {};
  return {
    user: { entity: user.entity ?? "User", expose: user.expose ?? [], hide: user.hide ?? [] },
    session: {
      expires_in: session.expiresIn ?? THIRTY_DAYS_S,
      cookie_cache: { enabled, max_age: maxAge, claims },
    },
    trusted_origins: trustedOrigins,
  };
}
