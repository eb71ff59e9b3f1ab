package dev.pylon.ai;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whose language a model speaks. */
public enum Provider {
  /** Their messages API: what the system says stands beside the messages, not among them. */
  ANTHROPIC {
    @Override
    Map<String, String> headers(String key) {
      return Map.of("x-api-key", key, "anthropic-version", "2023-06-01");
    }

    @Override
    void describe(List<Message> said, Map<String, @Nullable Object> question) {
      String system =
          said.stream()
              .filter(Message::isSystem)
              .map(Message::content)
              .collect(Collectors.joining("\n\n"));
      if (!system.isEmpty()) {
        question.put("system", system);
      }
      question.put("max_tokens", TOKENS_MAX);
      question.put("messages", plain(said.stream().filter(one -> !one.isSystem()).toList()));
    }

    @Override
    @Nullable String piece(Map<?, ?> event) {
      return "content_block_delta".equals(event.get("type"))
              && event.get("delta") instanceof Map<?, ?> delta
              && delta.get("text") instanceof String text
          ? text
          : null;
    }
  },

  OPENAI {
    @Override
    void describe(List<Message> said, Map<String, @Nullable Object> question) {
      question.put("max_tokens", TOKENS_MAX);
      question.put("messages", plain(said));
    }
  },

  /** Whoever speaks as {@link #OPENAI} does; how much they say is theirs to decide. */
  CUSTOM {
    @Override
    void describe(List<Message> said, Map<String, @Nullable Object> question) {
      question.put("messages", plain(said));
    }
  };

  private static final int TOKENS_MAX = 4_096;

  /** What a request must have for the provider to know us by {@code key}. */
  Map<String, String> headers(String key) {
    return key.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + key);
  }

  /** Puts what was said into a question. */
  abstract void describe(List<Message> said, Map<String, @Nullable Object> question);

  /** The text in an event of an answer; null where it has none. */
  @Nullable String piece(Map<?, ?> event) {
    return event.get("choices") instanceof List<?> choices
            && !choices.isEmpty()
            && choices.getFirst() instanceof Map<?, ?> first
            && first.get("delta") instanceof Map<?, ?> delta
            && delta.get("content") instanceof String text
        ? text
        : null;
  }

  final Map<String, @Nullable Object> question(@Nullable String model, List<Message> said) {
    var question = new LinkedHashMap<String, @Nullable Object>();
    if (model != null) {
      question.put("model", model);
    }
    question.put("stream", true);
    describe(said, question);
    return question;
  }

  /**
   * The text in the data of an event; null where it has none.
   *
   * @throws IOException where it says that something went wrong, or is no JSON
   */
  final @Nullable String pieceOf(String data) throws IOException {
    if (!(parsed(data) instanceof Map<?, ?> event)) {
      return null;
    }
    if (event.get("error") != null) {
      throw new IOException("it broke off");
    }
    String piece = piece(event);
    return piece == null || piece.isEmpty() ? null : piece;
  }

  private static @Nullable Object parsed(String data) throws IOException {
    try {
      return Json.parse(data);
    } catch (JsonException e) {
      throw new IOException("what it said is no JSON", e);
    }
  }

  private static List<Map<String, String>> plain(List<Message> said) {
    return said.stream()
        .map(one -> {
          var plain = new LinkedHashMap<String, String>();
          plain.put("role", one.role());
          plain.put("content", one.content());
          return (Map<String, String>) plain;
        })
        .toList();
  }
}
