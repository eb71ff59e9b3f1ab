package dev.pylon.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
          "PYLON_HOME",
          "PYLON_INSTALL_DIR",
          "PYLON_JAVA_HOME",
          "PYLON_JAVA_OPTS",
          "PYLON_TARGET",
          "PYLON_TENANT",
          "PYLON_TEST_DIR",
          "PYLON_TEST_PG_URL",
          "PYLON_TOKEN",
          "PYLON_URL",
          "PYLON_VERSION",
          "PYLON_WS_URL");

  /**
   * Names of the services contract (10.12) that belong to areas with many of them: what begins so
   * is never called a mistake.
   */
  private static final List<String> AREAS =
      List.of(
          "PYLON_AI_",
          "PYLON_API_KEY_",
          "PYLON_CAPTCHA_",
          "PYLON_COOKIE_",
          "PYLON_CRDT_",
          "PYLON_DASHBOARD_",
          "PYLON_DISABLE_",
          "PYLON_EMAIL_",
          "PYLON_FILES_",
          "PYLON_JOB",
          "PYLON_JWT_",
          "PYLON_OAUTH_",
          "PYLON_OIDC_",
          "PYLON_PUBLIC_URL",
          "PYLON_ROOM_",
          "PYLON_S3_",
          "PYLON_SAML_",
          "PYLON_SCIM_",
          "PYLON_SESSION_",
          "PYLON_SHARD_",
          "PYLON_SSE_",
          "PYLON_SSO_",
          "PYLON_STACK0_",
          "PYLON_STREAM",
          "PYLON_STRIPE_",
          "PYLON_SYNC_",
          "PYLON_TENANT_SCOPE",
          "PYLON_TOTP_",
          "PYLON_TRUSTED_ORIGINS",
          "PYLON_TWILIO_",
          "PYLON_UPLOAD_",
          "PYLON_WEBAUTHN_",
          "PYLON_WORKFLOW",
          "PYLON_WS_");

  /** Wrong letters up to which a name is taken for a mistyped other one. */
  private static final int MISTAKES_MAX = 3;

  private KnownNames() {}

  /** A sentence for each of {@code given} that is ours by its prefix but means nothing. */
  static List<String> warnings(Collection<String> given) {
    var known = new TreeSet<>(OTHERS);
    Settings.ALL.forEach(setting -> known.add(setting.name()));
    var warnings = new ArrayList<String>();
    for (String name : new TreeSet<>(given)) {
      if (name.startsWith(PREFIX)
          && !known.contains(name)
          && AREAS.stream().noneMatch(name::startsWith)) {
        warnings.add(
            name
                + " is not a setting"
                + nearest(name, known).map(n -> "; did you mean " + n + "?").orElse(""));
      }
    }
    return List.copyOf(warnings);
  }

  private static Optional<String> nearest(String name, Set<String> known) {
    String best = "";
    int fewest = MISTAKES_MAX + 1;
    for (String candidate : known) {
      int mistakes = distance(name, candidate);
      if (mistakes < fewest) {
        fewest = mistakes;
        best = candidate;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** Letters to insert, delete or replace to turn one into the other. */
  private static int distance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return previous[to.length()];
  }
}
