package dev.pylon.config;

import dev.pylon.model.SigningAlgorithm;
import java.nio.file.Path;
import java.util.List;

/** How callers prove who they are. Listed in {@link Settings}. */
public final class SignInSettings {
  public static final Setting<String> JWT_SECRET =
      Setting.of(
              "PYLON_JWT_SECRET", Kind.TEXT, null, "Signs and checks bearer tokens that are JWTs.")
          .hidden();

  public static final Setting<String> JWT_ISSUER =
      Setting.of(
          "PYLON_JWT_ISSUER",
          Kind.TEXT,
          null,
          "Who signs with that secret; without it none of those tokens is taken.");

  public static final Setting<Integer> JWT_LIFETIME =
      Setting.of(
              "PYLON_JWT_LIFETIME_SECS",
              Kind.whole(60, 2_592_000),
              3_600,
              "How long a JWT holds that we make.")
          .in("seconds");

  public static final Setting<String> JWT_TRUST_ISSUER =
      Setting.of(
          "PYLON_JWT_TRUST_ISSUER",
          Kind.TEXT,
          null,
          "Another issuer whose JWTs are taken, such as https://login.example.com; its keys are"
              + " found by OpenID discovery.");

  public static final Setting<List<String>> JWT_TRUST_AUDIENCE =
      Setting.of(
          "PYLON_JWT_TRUST_AUDIENCE",
          Kind.LIST,
          List.of(),
          "Whom tokens of that issuer must be for: what it calls us.");

  public static final Setting<String> JWT_TRUST_JWKS_URL =
      Setting.of(
          "PYLON_JWT_TRUST_JWKS_URL",
          Kind.TEXT,
          null,
          "Where that issuer publishes its keys, if it does not tell.");

  public static final Setting<List<String>> JWT_TRUST_ALGORITHMS =
      Setting.of(
          "PYLON_JWT_TRUST_ALGORITHMS",
          Kind.listOf(SigningAlgorithm.names()),
          List.of(SigningAlgorithm.RS256.name(), SigningAlgorithm.ES256.name()),
          "What tokens of that issuer are signed with.");

  public static final Setting<String> JWT_TRUST_USER_CLAIM =
      Setting.of(
          "PYLON_JWT_TRUST_USER_CLAIM", Kind.TEXT, "sub", "The claim that is the id of a user.");

  public static final Setting<String> JWT_TRUST_ROLES_CLAIM =
      Setting.of(
          "PYLON_JWT_TRUST_ROLES_CLAIM",
          Kind.TEXT,
          "https://pylonsync.com/roles",
          "The claim that lists roles, such as realm_access.roles.");

  public static final Setting<String> JWT_TRUST_TENANT_CLAIM =
      Setting.of(
          "PYLON_JWT_TRUST_TENANT_CLAIM",
          Kind.TEXT,
          "https://pylonsync.com/tenant",
          "The claim that is the tenant.");

  public static final Setting<String> API_KEY_PEPPER =
      Setting.of(
              "PYLON_API_KEY_PEPPER", Kind.TEXT, null, "Mixed into API keys before they are kept.")
          .hidden();

  public static final Setting<Path> SESSION_DB =
      Setting.of(
          "PYLON_SESSION_DB",
          Kind.PATH,
          null,
          "The SQLite file of sessions and keys; else one beside the database. Not for Postgres.");

  public static final Setting<Boolean> SESSION_IN_MEMORY =
      Setting.of(
          "PYLON_SESSION_IN_MEMORY",
          Kind.FLAG,
          false,
          "Sessions and keys that end with the server.");

  public static final Setting<String> COOKIE_NAME =
      Setting.of(
          "PYLON_COOKIE_NAME",
          Kind.TEXT,
          null,
          "Name of the session cookie; else the application's with _session behind it.");

  public static final Setting<String> COOKIE_DOMAIN =
      Setting.of(
          "PYLON_COOKIE_DOMAIN", Kind.TEXT, null, "Domain of the session cookie; else the host.");

  public static final Setting<Boolean> COOKIE_SECURE =
      Setting.of(
              "PYLON_COOKIE_SECURE",
              Kind.FLAG,
              true,
              "Whether browsers send the session cookie over TLS only.")
          .inDevMode(false);

  public static final Setting<String> COOKIE_SAME_SITE =
      Setting.of(
          "PYLON_COOKIE_SAME_SITE",
          Kind.oneOf("lax", "strict", "none"),
          "lax",
          "When browsers send the session cookie to us from pages of others; none needs TLS.");

  public static final Setting<String> PUBLIC_URL =
      Setting.of(
          "PYLON_PUBLIC_URL",
          Kind.TEXT,
          null,
          "Where people reach the application; links in letters begin so.");

  public static final Setting<String> DASHBOARD_URL =
      Setting.of(
          "PYLON_DASHBOARD_URL",
          Kind.TEXT,
          "/",
          "The page of the application to which links in letters lead in the end.");

  public static final Setting<List<String>> TRUSTED_ORIGINS =
      Setting.of(
              "PYLON_TRUSTED_ORIGINS",
              Kind.LIST,
              List.of(),
              "Origins whose pages people may go back to from other providers, beside those in the"
                  + " manifest.")
          .inDevMode(
              List.of(
                  "http://localhost:3000",
                  "http://localhost:4321",
                  "http://localhost:5173",
                  "http://127.0.0.1:3000"));

  public static final Setting<Boolean> DISABLE_HIBP =
      Setting.of(
              "PYLON_DISABLE_HIBP",
              Kind.FLAG,
              false,
              "Takes new passwords without asking haveibeenpwned.com for the first digits of their"
                  + " hash.")
          .inDevMode(true);

  public static final Setting<String> TOTP_ENCRYPTION_KEY =
      Setting.of(
              "PYLON_TOTP_ENCRYPTION_KEY",
              Kind.TEXT,
              null,
              "Seals the secrets of second factors; kept as they are when unset.")
          .hidden();

  public static final Setting<String> TOTP_ISSUER =
      Setting.of(
          "PYLON_TOTP_ISSUER",
          Kind.TEXT,
          null,
          "What authenticator apps show; else the application's name.");

  public static final Setting<Boolean> TENANT_SCOPE =
      Setting.of(
          "PYLON_TENANT_SCOPE",
          Kind.FLAG,
          false,
          "Keeps rows that name a tenant, in a field such as orgId, to callers of that tenant.");

  private SignInSettings() {}
}
