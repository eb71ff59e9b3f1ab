package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of other providers, whose names hold the provider's, such as {@code
 * PYLON_OAUTH_GOOGLE_CLIENT_ID}. A provider is on where its id and its secret are set.
 */
final class OAuthSettings {
  private static final String PREFIX = "PYLON_OAUTH_";

  /** Where those tell their addresses whom one need not introduce. */
  private static final Map<String, String> ISSUERS =
      Map.of(
          "google", "https://accounts.google.com",
          "gitlab", "https://gitlab.com",
          "microsoft", "https://login.microsoftonline.com/%s/v2.0");

  /** Tells nothing of itself, and needs not. */
  private static final String GITHUB = "github";

  /** Our tables call passwords so. */
  private static final String RESERVED = "credential";

  private static final String USUAL_HOST = "http://localhost:3000";

  /** What one says of a provider. */
  private enum Part {
    CLIENT_ID("What %s calls us."),
    CLIENT_SECRET("How %s knows us."),
    REDIRECT("Where %s sends people back to; else /api/auth/callback/ at PYLON_PUBLIC_URL."),
    SCOPES("What we ask %s for; else what a sign-in needs."),
    TENANT("The id of the one directory of %s whose people may sign in."),
    OIDC_ISSUER("Where %s tells its addresses (OpenID discovery).");

    private final String sentence;

    Part(String sentence) {
      this.sentence = sentence;
    }

    Setting<String> of(String provider) {
      Setting<String> setting =
          Setting.of(
              PREFIX + provider.toUpperCase(Locale.ROOT) + "_" + name(),
              Kind.TEXT,
              null,
              sentence.formatted(provider));
      return this == CLIENT_SECRET ? setting.hidden() : setting;
    }
  }

  private static final Pattern NAME =
      Pattern.compile(
          PREFIX
              + "([A-Z0-9]+(?:_[A-Z0-9]+)*?)_("
              + String.join("|", Arrays.stream(Part.values()).map(Part::name).toList())
              + ")");

  private OAuthSettings() {}

  /** The settings that {@code names} name, sorted. */
  static List<Setting<?>> given(Collection<String> names) {
    var given = new ArrayList<Setting<?>>();
    for (String name : new TreeSet<>(names)) {
      Matcher parts = NAME.matcher(name);
      if (parts.matches()) {
        given.add(Part.valueOf(parts.group(2)).of(parts.group(1).toLowerCase(Locale.ROOT)));
      }
    }
    return given;
  }

  private static TreeSet<String> named(Resolver settings) {
    var named = new TreeSet<String>();
    for (String name : settings.names()) {
      Matcher parts = NAME.matcher(name);
      if (parts.matches()) {
        named.add(parts.group(1).toLowerCase(Locale.ROOT));
      }
    }
    return named;
  }

  private static Optional<String> value(Resolver settings, String provider, Part part) {
    return settings.find(part.of(provider)).map(String::strip).filter(text -> !text.isEmpty());
  }

  /** Those that are on, by name. */
  static List<OAuthConfig.Provider> providers(Resolver settings) {
    return named(settings).stream()
        .filter(name -> problem(settings, name) == null)
        .map(name ->
            new OAuthConfig.Provider(
                name,
                value(settings, name, Part.CLIENT_ID).orElseThrow(),
                value(settings, name, Part.CLIENT_SECRET).orElseThrow(),
                redirect(settings, name),
                value(settings, name, Part.SCOPES)
                    .map(text -> List.of(text.split("[,\\s]+")))
                    .orElse(List.of()),
                issuer(settings, name)))
        .toList();
  }

  private static String redirect(Resolver settings, String name) {
    return value(settings, name, Part.REDIRECT)
        .orElseGet(() ->
            settings.find(SignInSettings.PUBLIC_URL).orElse(USUAL_HOST).replaceFirst("/+$", "")
                + "/api/auth/callback/"
                + name);
  }

  private static @Nullable String issuer(Resolver settings, String name) {
    return value(settings, name, Part.OIDC_ISSUER)
        .or(() ->
            Optional.ofNullable(ISSUERS.get(name))
                .map(known -> known.formatted(value(settings, name, Part.TENANT).orElse(""))))
        .orElse(null);
  }

  /** Why a provider of which something is set is off; null where it is on. */
  private static @Nullable String problem(Resolver settings, String name) {
    boolean introduced = value(settings, name, Part.OIDC_ISSUER).isPresent();
    if (value(settings, name, Part.CLIENT_ID).isEmpty()) {
      return Part.CLIENT_ID.of(name) + " is not set: nobody can sign in with " + name;
    }
    if (value(settings, name, Part.CLIENT_SECRET).isEmpty()) {
      return Part.CLIENT_SECRET.of(name) + " is not set: nobody can sign in with " + name;
    }
    if (name.equals(RESERVED)) {
      return "no provider may be called " + name;
    }
    if (!introduced && !name.equals(GITHUB) && !ISSUERS.containsKey(name)) {
      return "%s is not set, and this version knows no %s without it"
          .formatted(Part.OIDC_ISSUER.of(name), name);
    }
    if (!introduced && name.equals("microsoft") && value(settings, name, Part.TENANT).isEmpty()) {
      return Part.TENANT.of(name) + " is not set: it takes the id of your directory";
    }
    String issuer = issuer(settings, name);
    if (issuer != null && WebAddress.parse(issuer).isEmpty()) {
      return "%s \"%s\": an https address expected".formatted(Part.OIDC_ISSUER.of(name), issuer);
    }
    return WebAddress.parse(redirect(settings, name)).isEmpty()
        ? "%s: an https address expected".formatted(Part.REDIRECT.of(name))
        : null;
  }

  /** A sentence for each thing that must not be served outside dev mode. */
  static List<PylonException> refusals(Resolver settings) {
    var found = new ArrayList<PylonException>();
    for (String name : named(settings)) {
      String problem = problem(settings, name);
      if (problem != null) {
        found.add(unsafe(problem));
        continue;
      }
      if (redirect(settings, name).startsWith("http:")) {
        found.add(
            unsafe(
                "%s is http, so codes could be read on their way: set it, or PYLON_PUBLIC_URL, to"
                        .formatted(Part.REDIRECT.of(name))
                    + " the https address of the application"));
      }
      String issuer = issuer(settings, name);
      if (issuer != null && WebAddress.isOpen(issuer)) {
        found.add(unsafe(Part.OIDC_ISSUER.of(name) + " may not be http outside dev mode"));
      }
    }
    return found;
  }

  private static PylonException unsafe(String sentence) {
    return new PylonException(ConfigError.UNSAFE_SETTING, sentence);
  }

  /** The same, where trying things out goes on without it. */
  static List<String> warnings(Resolver settings) {
    return named(settings).stream()
        .map(name -> problem(settings, name))
        .flatMap(problem -> Optional.ofNullable(problem).stream())
        .toList();
  }
}
