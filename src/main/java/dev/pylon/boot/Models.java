package dev.pylon.boot;

import dev.pylon.ai.ChatModel;
import dev.pylon.ai.Provider;
import dev.pylon.config.AiConfig;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The language model that the settings name. */
final class Models {
  private static final String CHAT = "/v1/chat/completions";
  private static final URI ANTHROPIC = URI.create("https://api.anthropic.com/v1/messages");
  private static final URI OPENAI = URI.create("https://api.openai.com" + CHAT);

  private Models() {}

  /** Empty where the settings do not say enough to ask one. */
  static Optional<ChatModel> of(AiConfig config) {
    return switch (config.provider()) {
      case "custom" ->
          Optional.ofNullable(config.baseUrl())
              .map(base -> model(Provider.CUSTOM, at(base), config));
      case "anthropic" -> withKey(Provider.ANTHROPIC, ANTHROPIC, config);
      default -> withKey(Provider.OPENAI, OPENAI, config);
    };
  }

  private static Optional<ChatModel> withKey(Provider provider, URI at, AiConfig config) {
    return config.apiKey().isEmpty() ? Optional.empty() : Optional.of(model(provider, at, config));
  }

  private static ChatModel model(Provider provider, URI at, AiConfig config) {
    return new ChatModel(provider, at, config.apiKey(), config.model());
  }

  private static URI at(URI base) {
    @Nullable String path = base.getPath();
    return path == null || path.isEmpty() || path.equals("/") ? base.resolve(CHAT) : base;
  }
}
