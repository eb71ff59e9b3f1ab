package dev.pylon.config;

import java.util.List;
import java.util.stream.Stream;

/** How letters leave, and what they say. Listed in {@link Settings}. */
public final class EmailSettings {
  public static final Setting<String> EMAIL_PROVIDER =
      Setting.of(
          "PYLON_EMAIL_PROVIDER",
          Kind.oneOf("sendgrid", "resend", "stack0", "webhook", "smtp"),
          null,
          "Who takes our letters; nobody when unset, and in dev mode the terminal shows them.");

  public static final Setting<String> EMAIL_API_KEY =
      Setting.of("PYLON_EMAIL_API_KEY", Kind.TEXT, null, "By which that provider knows us.")
          .hidden();

  public static final Setting<String> EMAIL_FROM =
      Setting.of("PYLON_EMAIL_FROM", Kind.TEXT, "noreply@pylonsync.com", "What letters come from.");

  public static final Setting<String> EMAIL_ENDPOINT =
      Setting.of(
          "PYLON_EMAIL_ENDPOINT", Kind.TEXT, null, "Where the provider webhook is asked to send.");

  public static final Setting<String> EMAIL_HTTP_URL =
      Setting.of("PYLON_EMAIL_HTTP_URL", Kind.TEXT, null, "The same by its earlier name.");

  public static final Setting<String> EMAIL_SMTP_HOST =
      Setting.of("PYLON_EMAIL_SMTP_HOST", Kind.TEXT, null, "The mail server of smtp.");

  public static final Setting<Integer> EMAIL_SMTP_PORT =
      Setting.of(
          "PYLON_EMAIL_SMTP_PORT",
          Kind.whole(1, 65_535),
          null,
          "Its port; else 465 for tls and 587 otherwise.");

  public static final Setting<String> EMAIL_SMTP_SECURITY =
      Setting.of(
          "PYLON_EMAIL_SMTP_SECURITY",
          Kind.oneOf("starttls", "tls", "none"),
          "starttls",
          "How it is spoken to: TLS after a greeting, TLS from the start, or in the open.");

  public static final Setting<String> EMAIL_SMTP_USER =
      Setting.of("PYLON_EMAIL_SMTP_USER", Kind.TEXT, null, "Who we are to the mail server.");

  public static final Setting<String> EMAIL_SMTP_PASSWORD =
      Setting.of("PYLON_EMAIL_SMTP_PASSWORD", Kind.TEXT, null, "What proves it.").hidden();

  /** Other words for letters. */
  public static final List<Setting<String>> EMAIL_TEMPLATES =
      Stream.of("MAGIC_CODE", "MAGIC_LINK", "PASSWORD_RESET", "EMAIL_CHANGE", "ORG_INVITE")
          .flatMap(kind ->
              Stream.of(template(kind, "SUBJECT", "subject"), template(kind, "BODY", "text")))
          .toList();

  private EmailSettings() {}

  private static Setting<String> template(String kind, String part, String said) {
    return Setting.of(
        "PYLON_EMAIL_TEMPLATE_%s_%s".formatted(kind, part),
        Kind.TEXT,
        null,
        "Another %s for that letter; {{code}}, {{url}} and {{org_name}} stand for theirs."
            .formatted(said));
  }
}
