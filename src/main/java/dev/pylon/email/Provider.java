package dev.pylon.email;

import dev.pylon.json.Json;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who takes letters over HTTP, and what they want to be told (services contract, 7.1). */
public enum Provider {
  SENDGRID("https://api.sendgrid.com/v3/mail/send") {
    @Override
    Map<String, @Nullable Object> body(Letter letter, String from) {
      return Json.object(
          "personalizations", List.of(Map.of("to", List.of(Map.of("email", letter.to())))),
          "from", Map.of("email", from),
          "subject", letter.subject(),
          "content", List.of(Map.of("type", "text/plain", "value", letter.text())));
    }
  },
  RESEND("https://api.resend.com/emails"),
  STACK0("https://api.stack0.dev/mail/send"),
  /** An endpoint of one's own. */
  WEBHOOK("") {
    @Override
    Map<String, @Nullable Object> body(Letter letter, String from) {
      return Json.object(
          "to", letter.to(), "from", from, "subject", letter.subject(), "body", letter.text());
    }
  };

  private final String endpoint;

  Provider(String endpoint) {
    this.endpoint = endpoint;
  }

  /** The provider called so in any case. */
  public static Provider called(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Where they are; not for {@link #WEBHOOK}. */
  public URI endpoint() {
    return URI.create(endpoint);
  }

  /** What they are told of a letter. */
  Map<String, @Nullable Object> body(Letter letter, String from) {
    return Json.object(
        "from", from,
        "to", List.of(letter.to()),
        "subject", letter.subject(),
        "text", letter.text());
  }
}
