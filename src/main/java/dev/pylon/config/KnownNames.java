package dev.pylon.config;

import dev.pylon.model.EditDistance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Tells a mistyped {@code PYLON_} variable from one that means something. */
final class KnownNames {
  private static final String PREFIX = "PYLON_";

  /** Read by the launcher, by client commands, by clients and by scripts around us. */
  private static final Set<String> OTHERS =
      Set.of(
          "PYLON_API_URL",
          "PYLON_AS",
          "PYLON_BASE_URL",
          "PYLON_DEBUG",
          "PYLON_ENTRY_FILES",
          "PYLON_HOME",
          "PYLON_INSTALL_DIR",
          "PYLON_JAVA_HOME",
          "PYLON_JAVA_OPTIONS",
          "PYLON_TARGET",
          "PYLON_TENANT",
          "PYLON_TEST_DIR",
          "PYLON_TEST_PG_URL",
          "PYLON_TOKEN",
          "PYLON_URL",
          "PYLON_VERSION",
          "PYLON_WS_URL");

  /**
   * Names of the services contract (10.12), and of others, whose areas this version does not have:
   * no mistake, but nothing comes of them.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          """
          PYLON_CACHE_URL PYLON_CAPTCHA_MIN_SCORE PYLON_CAPTCHA_PROVIDER PYLON_CAPTCHA_SECRET
          PYLON_CRDT_HELPERS PYLON_CRDT_ROOT_TEXT_MIRROR
          PYLON_FILES_DIR PYLON_FILES_PROVIDER PYLON_FILES_URL_PREFIX
          PYLON_FN_RUNTIME PYLON_MANIFEST_JSON
          PYLON_OAUTH_REFRESH_BUFFER_SECS PYLON_OIDC_ISSUER PYLON_OIDC_JWKS_KID
          PYLON_OIDC_JWKS_RSA_E PYLON_OIDC_JWKS_RSA_N PYLON_OIDC_KEY_PATH
          PYLON_ROOM_IDLE_SECS PYLON_S3_ACCESS_KEY PYLON_S3_BUCKET PYLON_S3_ENDPOINT
          PYLON_S3_PUBLIC_URL PYLON_S3_REGION PYLON_S3_SECRET_KEY PYLON_SAML_ENTITY_ID
          PYLON_SAML_INSECURE_NO_VERIFY PYLON_SCIM_TOKEN
          PYLON_SHARD_PORT PYLON_SSE_PORT PYLON_SSO_ALLOWED_DOMAINS
          PYLON_SSO_ENCRYPTION_KEY PYLON_STACK0_API_KEY PYLON_STACK0_BASE_URL
          PYLON_STACK0_FOLDER PYLON_STREAMS_DB PYLON_STREAM_LINGER_MS
          PYLON_STREAM_MAX_FRAME_BYTES PYLON_STREAM_MAX_TAILS PYLON_STREAM_RETENTION_HOURS
          PYLON_STREAM_SYNC PYLON_STRIPE_API_KEY PYLON_STRIPE_WEBHOOK_SECRET
          PYLON_SYNC_PUSH_ADMIN_ONLY PYLON_SYNC_RETENTION_DAYS PYLON_SYNC_RETENTION_EVENTS
          PYLON_TWILIO_ACCOUNT_SID PYLON_TWILIO_AUTH_TOKEN PYLON_TWILIO_FROM
          PYLON_UPLOAD_MAX_BYTES PYLON_WEBAUTHN_ORIGIN PYLON_WEBAUTHN_RP_ID
          PYLON_WORKFLOW_RUNNER_URL PYLON_WS_ALLOW_ANON PYLON_WS_MAX_FRAME PYLON_WS_MAX_PER_IP
          PYLON_WS_MAX_PER_USER PYLON_WS_PORT
          """
              .strip()
              .split("\\s+"));

  /** The same for names that hold the name of something else. */
  private static final Pattern WITHOUT_EFFECT_EITHER =
      Pattern.compile("PYLON_OAUTH_[A-Z0-9_]+_(TEAM_ID|KEY_ID|PRIVATE_KEY)");

  /** Wrong letters up to which a name is taken for a mistyped other one. */
  private static final int MISTAKES_MAX = 3;

  /** Letters behind the prefix for each wrong one: of a short name little is left to go by. */
  private static final int LETTERS_PER_MISTAKE = 3;

  private KnownNames() {}

  /**
   * A sentence for each of {@code given} that is ours by its prefix but means nothing, and one for
   * those together that mean nothing yet.
   */
  static List<String> warnings(Collection<String> given) {
    var known = new TreeSet<>(OTHERS);
    Settings.all(given).forEach(setting -> known.add(setting.name()));
    var warnings = new ArrayList<String>();
    var unused = new ArrayList<String>();
    for (String name : new TreeSet<>(given)) {
      if (!name.startsWith(PREFIX) || known.contains(name)) {
        continue;
      }
      if (isWithoutEffect(name)) {
        unused.add(name);
      } else {
        warnings.add(
            name
                + " is not a setting"
                + nearest(name, known).map(n -> "; did you mean " + n + "?").orElse(""));
      }
    }
    if (!unused.isEmpty()) {
      warnings.add("without effect in this version: " + String.join(", ", unused));
    }
    return List.copyOf(warnings);
  }

  private static boolean isWithoutEffect(String name) {
    return WITHOUT_EFFECT.contains(name) || WITHOUT_EFFECT_EITHER.matcher(name).matches();
  }

  private static Optional<String> nearest(String name, Set<String> known) {
    String bare = name.substring(PREFIX.length());
    if (known.contains(bare)) {
      return Optional.of(bare);
    }
    String best = "";
    int letters = name.length() - PREFIX.length();
    int fewest = Math.min(MISTAKES_MAX, letters / LETTERS_PER_MISTAKE) + 1;
    var candidates = new TreeSet<>(known);
    candidates.addAll(WITHOUT_EFFECT);
    for (String candidate : candidates) {
      int mistakes = EditDistance.between(name, candidate);
      if (mistakes < fewest) {
        fewest = mistakes;
        best = candidate;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }
}
