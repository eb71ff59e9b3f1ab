package dev.pylon.config;

/** The language model that {@code /api/ai} asks. Listed in {@link Settings}. */
public final class AiSettings {
  public static final Setting<String> AI_PROVIDER =
      Setting.of(
          "PYLON_AI_PROVIDER",
          Kind.TEXT,
          "openai",
          "Whose model answers: anthropic, openai, or custom for one that speaks like the latter.");

  public static final Setting<String> AI_API_KEY =
      Setting.of("PYLON_AI_API_KEY", Kind.TEXT, null, "By which that provider knows us.").hidden();

  public static final Setting<String> AI_MODEL =
      Setting.of("PYLON_AI_MODEL", Kind.TEXT, null, "The model to ask where a request names none.");

  public static final Setting<String> AI_BASE_URL =
      Setting.of(
          "PYLON_AI_BASE_URL",
          Kind.TEXT,
          null,
          "Where a custom provider is; its path is /v1/chat/completions unless it has another.");

  private AiSettings() {}
}
