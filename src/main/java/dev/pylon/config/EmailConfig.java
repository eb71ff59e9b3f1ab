package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How letters leave (services contract, 7).
 *
 * @param provider who takes them, such as {@code resend} or {@code smtp}; null for nobody
 * @param from what they come from
 * @param apiKey by which the provider knows us; null for {@code smtp}
 * @param endpoint where a provider of one's own is; null for the others
 * @param smtp null where letters do not go that way
 * @param words other words for letters, under names such as {@code MAGIC_CODE_SUBJECT}
 */
public record EmailConfig(
    @Nullable String provider,
    String from,
    @Nullable String apiKey,
    @Nullable URI endpoint,
    @Nullable Smtp smtp,
    Map<String, String> words) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  /**
   * A mail server.
   *
   * @param security {@code starttls}, {@code tls} or {@code none}
   * @param user null where it asks for nobody
   */
  public record Smtp(
      String host, int port, String security, @Nullable String user, @Nullable String password) {

    /** Never shows the password. */
    @Override
    public String toString() {
      return "Smtp[host=%s, port=%d, security=%s]".formatted(host, port, security);
    }
  }

  public EmailConfig {
    words = Map.copyOf(words);
  }

  /** Never shows the key. */
  @Override
  public String toString() {
    return "EmailConfig[provider=%s, from=%s, smtp=%s]".formatted(provider, from, smtp);
  }

  /**
   * @throws PylonException {@code INVALID_SETTING} where a provider is named and something that it
   *     needs is not, {@code UNSAFE_SETTING} where secrets would travel for all to read
   */
  static EmailConfig of(Resolver settings) {
    String provider = settings.find(EmailSettings.EMAIL_PROVIDER).orElse(null);
    boolean bySmtp = "smtp".equals(provider);
    String key = settings.find(EmailSettings.EMAIL_API_KEY).orElse(null);
    if (provider != null && !bySmtp && key == null) {
      throw missing(provider, EmailSettings.EMAIL_API_KEY);
    }
    return new EmailConfig(
        provider,
        settings.value(EmailSettings.EMAIL_FROM),
        key,
        "webhook".equals(provider) ? endpoint(settings) : null,
        bySmtp ? smtp(settings) : null,
        words(settings));
  }

  private static PylonException missing(String provider, Setting<?> setting) {
    return new PylonException(
            ConfigError.INVALID_SETTING,
            "%s is %s, which needs %s".formatted(EmailSettings.EMAIL_PROVIDER, provider, setting))
        .with(
            "hint",
            "Set it, or leave " + EmailSettings.EMAIL_PROVIDER + " unset to send no letters");
  }

  private static URI endpoint(Resolver settings) {
    String text =
        settings
            .find(EmailSettings.EMAIL_ENDPOINT)
            .or(() -> settings.find(EmailSettings.EMAIL_HTTP_URL))
            .orElseThrow(() -> missing("webhook", EmailSettings.EMAIL_ENDPOINT));
    try {
      URI endpoint = URI.create(text);
      String host = endpoint.getHost();
      boolean secure = "https".equalsIgnoreCase(endpoint.getScheme());
      if (host != null && (secure || "http".equalsIgnoreCase(endpoint.getScheme()))) {
        if (!secure && !LOOPBACK.contains(host)) {
          throw unsafe(
              EmailSettings.EMAIL_ENDPOINT + " must be https: codes and links travel to it");
        }
        return endpoint;
      }
    } catch (IllegalArgumentException e) {
      // Said below, as for every other text that is no address.
    }
    throw new PylonException(
        ConfigError.INVALID_SETTING,
        EmailSettings.EMAIL_ENDPOINT + " is no address such as https://mail.example.com/send");
  }

  private static PylonException unsafe(String why) {
    return new PylonException(ConfigError.UNSAFE_SETTING, why);
  }

  private static Smtp smtp(Resolver settings) {
    String host =
        settings
            .find(EmailSettings.EMAIL_SMTP_HOST)
            .orElseThrow(() -> missing("smtp", EmailSettings.EMAIL_SMTP_HOST));
    String security = settings.value(EmailSettings.EMAIL_SMTP_SECURITY);
    Optional<String> user = settings.find(EmailSettings.EMAIL_SMTP_USER);
    Optional<String> password = settings.find(EmailSettings.EMAIL_SMTP_PASSWORD);
    if (user.isPresent() != password.isPresent()) {
      throw missing(
          "smtp",
          user.isPresent() ? EmailSettings.EMAIL_SMTP_PASSWORD : EmailSettings.EMAIL_SMTP_USER);
    }
    if (security.equals("none") && user.isPresent() && !LOOPBACK.contains(host)) {
      throw unsafe(
          EmailSettings.EMAIL_SMTP_SECURITY + " is none, but a password would be sent to " + host);
    }
    return new Smtp(
        host,
        settings.find(EmailSettings.EMAIL_SMTP_PORT).orElse(security.equals("tls") ? 465 : 587),
        security,
        user.orElse(null),
        password.orElse(null));
  }

  private static Map<String, String> words(Resolver settings) {
    var words = new HashMap<String, String>();
    for (Setting<String> setting : EmailSettings.EMAIL_TEMPLATES) {
      settings
          .find(setting)
          .ifPresent(
              text -> words.put(setting.name().substring("PYLON_EMAIL_TEMPLATE_".length()), text));
    }
    return words;
  }
}
