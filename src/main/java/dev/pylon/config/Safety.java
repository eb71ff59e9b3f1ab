package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What may not be served outside dev mode, because strangers could use it. */
final class Safety {
  /** Scheme, host and perhaps a port, as browsers send it; nothing behind it. */
  private static final Pattern ORIGIN =
      Pattern.compile(
          "[a-z][a-z0-9+.-]*://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:[0-9]{1,5})?",
          Pattern.CASE_INSENSITIVE);

  /** Shorter secrets are words somebody can guess within the rate limit. */
  private static final int TOKEN_CHARS_MIN = 12;

  /** HS256 wants a key as long as its hash (RFC 7518, 3.2). */
  private static final int JWT_SECRET_BYTES_MIN = 32;

  private Safety() {}

  /**
   * @throws PylonException with all that must not be, where something is
   */
  static void check(Resolver settings) {
    List<PylonException> refusals = refusals(settings);
    if (!refusals.isEmpty()) {
      PylonException first = refusals.getFirst();
      throw new PylonException(
              first.code(),
              String.join("\n", refusals.stream().map(PylonException::message).toList()))
          .with(
              "hint",
              first.code() == ConfigError.CORS_ORIGIN_REQUIRED
                  ? "Set it to the origin of your pages, such as https://example.com, or try things"
                      + " out with PYLON_DEV_MODE=1"
                  : "\"pylon config show --serve --origin\" tells where each setting comes from");
    }
  }

  /** A sentence for each thing that must not be served; none in dev mode. */
  static List<PylonException> refusals(Resolver settings) {
    var found = new ArrayList<PylonException>();
    if (!settings.value(Settings.DEV_MODE)) {
      pages(settings, found);
      tooShort(settings.find(Settings.ADMIN_TOKEN), Settings.ADMIN_TOKEN, TOKEN_CHARS_MIN, found);
      tooShort(
          settings.find(SignInSettings.API_KEY_PEPPER),
          SignInSettings.API_KEY_PEPPER,
          TOKEN_CHARS_MIN,
          found);
      tooShort(
          settings.find(SignInSettings.TOTP_ENCRYPTION_KEY),
          SignInSettings.TOTP_ENCRYPTION_KEY,
          TOKEN_CHARS_MIN,
          found);
      tooShort(
          settings.find(SignInSettings.JWT_SECRET),
          SignInSettings.JWT_SECRET,
          JWT_SECRET_BYTES_MIN,
          found);
      overTheOpen(settings, SignInSettings.JWT_TRUST_ISSUER, found);
      overTheOpen(settings, SignInSettings.JWT_TRUST_JWKS_URL, found);
      origins(
          SignInSettings.TRUSTED_ORIGINS,
          settings.value(SignInSettings.TRUSTED_ORIGINS),
          ConfigError.UNSAFE_SETTING,
          found);
      found.addAll(OAuthSettings.refusals(settings));
    }
    return List.copyOf(found);
  }

  private static void pages(Resolver settings, List<PylonException> found) {
    List<String> cors = settings.value(Settings.CORS_ORIGIN);
    if (cors.isEmpty()) {
      found.add(
          new PylonException(ConfigError.CORS_ORIGIN_REQUIRED, "PYLON_CORS_ORIGIN is not set"));
    }
    origins(Settings.CORS_ORIGIN, cors, ConfigError.CORS_ORIGIN_REQUIRED, found);
    origins(
        Settings.CSRF_ORIGINS,
        settings.value(Settings.CSRF_ORIGINS),
        ConfigError.UNSAFE_SETTING,
        found);
  }

  /** Any page could act for its visitor, whose cookie comes along. */
  private static void origins(
      Setting<?> setting, List<String> origins, ConfigError wildcard, List<PylonException> found) {
    for (String origin : origins) {
      if (origin.equals("*")) {
        found.add(new PylonException(wildcard, setting + " may not be * outside dev mode"));
      } else if (!isOrigin(origin)) {
        found.add(
            new PylonException(
                ConfigError.UNSAFE_SETTING,
                "%s: \"%s\" is no origin, which is scheme, host and port and nothing else, such as"
                        .formatted(setting, origin)
                    + " https://example.com"));
      }
    }
  }

  private static boolean isOrigin(String text) {
    return ORIGIN.matcher(text).matches();
  }

  private static void tooShort(
      Optional<String> secret, Setting<?> setting, int bytesMin, List<PylonException> found) {
    if (secret.isPresent() && secret.get().getBytes(StandardCharsets.UTF_8).length < bytesMin) {
      found.add(
          new PylonException(
              ConfigError.UNSAFE_SETTING,
              "%s is too short to be secret: %d characters or more, chosen at random"
                  .formatted(setting, bytesMin)));
    }
  }

  /** Who can change keys on their way to us can sign what they like. */
  private static void overTheOpen(
      Resolver settings, Setting<String> setting, List<PylonException> found) {
    if (settings.find(setting).filter(WebAddress::isOpen).isPresent()) {
      found.add(
          new PylonException(
              ConfigError.UNSAFE_SETTING, setting + " may not be http outside dev mode"));
    }
  }

  /** What is allowed and deserves a word. */
  static List<String> warnings(Resolver settings, Config.Mode mode) {
    var found = new ArrayList<String>();
    if (mode == Config.Mode.SERVE && settings.value(Settings.DEV_MODE)) {
      found.add(
          "PYLON_DEV_MODE is on: any origin may call, limits are wide, errors tell details; not for"
              + " production");
    }
    if (mode == Config.Mode.SERVE
        && !settings.value(Settings.DEV_MODE)
        && settings.find(EmailSettings.EMAIL_PROVIDER).isEmpty()) {
      found.add(
          "PYLON_EMAIL_PROVIDER is not set: nobody takes letters, so signing in by e-mail fails");
    }
    if (settings.find(SignInSettings.JWT_SECRET).isPresent()
        && settings.find(SignInSettings.JWT_ISSUER).isEmpty()) {
      found.add("PYLON_JWT_SECRET is set without PYLON_JWT_ISSUER: no JWT is taken, all are 401");
    }
    found.addAll(OAuthSettings.warnings(settings));
    return found;
  }
}
