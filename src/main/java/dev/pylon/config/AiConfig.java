package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The language model that is asked (functions contract, 11.3).
 *
 * @param provider {@code anthropic}, {@code openai} or {@code custom}
 * @param apiKey by which the provider knows us; empty for none
 * @param model asked where a request names none; null for the provider's choice
 * @param baseUrl where a custom provider is; null for the others
 */
public record AiConfig(
    String provider, String apiKey, @Nullable String model, @Nullable URI baseUrl) {

  /** Never shows the key. */
  @Override
  public String toString() {
    return "AiConfig[provider=%s, model=%s, baseUrl=%s]".formatted(provider, model, baseUrl);
  }

  static AiConfig of(Resolver settings) {
    String named = settings.value(AiSettings.AI_PROVIDER);
    String provider = named.equals("anthropic") || named.equals("custom") ? named : "openai";
    return new AiConfig(
        provider,
        settings.find(AiSettings.AI_API_KEY).orElse(""),
        settings.find(AiSettings.AI_MODEL).orElse(null),
        provider.equals("custom")
            ? settings.find(AiSettings.AI_BASE_URL).map(AiConfig::address).orElse(null)
            : null);
  }

  private static URI address(String text) {
    try {
      URI address = URI.create(text);
      if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Refused below, in our words.
    }
    throw new PylonException(
        ConfigError.INVALID_SETTING,
        "%s must be an http or https URL, not \"%s\"".formatted(AiSettings.AI_BASE_URL, text));
  }
}
