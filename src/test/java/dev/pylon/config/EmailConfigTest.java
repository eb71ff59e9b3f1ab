package dev.pylon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailConfigTest {
  @TempDir private Path folder;

  @BeforeEach
  void anApp() throws IOException {
    Files.writeString(folder.resolve("app.ts"), "");
  }

  private Config serve(String settings) {
    var variables = new HashMap<>(Map.of("PYLON_CORS_ORIGIN", "https://example.com"));
    for (String setting : settings.isEmpty() ? new String[0] : settings.split(" ")) {
      String[] parts = setting.split("=", 2);
      variables.put("PYLON_EMAIL_" + parts[0], parts[1]);
    }
    return Config.forServe(new Environment(variables, Map.of(), folder), null, Map.of());
  }

  @Test
  void withoutAProviderOneStartsAndIsWarned() {
    Config config = serve("");

    assertThat(config.email().provider()).isNull();
    assertThat(config.warnings()).anyMatch(warning -> warning.contains("PYLON_EMAIL_PROVIDER"));
    assertThat(serve("PROVIDER=resend API_KEY=k").warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PROVIDER=resend, PYLON_EMAIL_API_KEY",
    "PROVIDER=webhook API_KEY=k, PYLON_EMAIL_ENDPOINT",
    "PROVIDER=webhook ENDPOINT=https://x.example, PYLON_EMAIL_API_KEY",
    "PROVIDER=webhook API_KEY=k ENDPOINT=ftp://x, PYLON_EMAIL_ENDPOINT",
    "PROVIDER=webhook API_KEY=k ENDPOINT=http://mail.example, must be https",
    "PROVIDER=smtp, PYLON_EMAIL_SMTP_HOST",
    "PROVIDER=smtp SMTP_HOST=h SMTP_USER=u, PYLON_EMAIL_SMTP_PASSWORD",
    "PROVIDER=smtp SMTP_HOST=h SMTP_USER=u SMTP_PASSWORD=p SMTP_SECURITY=none, SECURITY is none",
    "PROVIDER=pigeon, one of"
  })
  void aProviderThatIsNamedAndIncompleteStopsTheStart(String settings, String said) {
    assertThatThrownBy(() -> serve(settings)).hasMessageContaining(said);
  }

  @Test
  void aMailServerHasThePortOfItsSecurity() {
    assertThat(serve("PROVIDER=smtp SMTP_HOST=h").email().smtp())
        .isEqualTo(new EmailConfig.Smtp("h", 587, "starttls", null, null));
    assertThat(serve("PROVIDER=smtp SMTP_HOST=h SMTP_SECURITY=TLS").email().smtp())
        .isEqualTo(new EmailConfig.Smtp("h", 465, "tls", null, null));
  }

  @Test
  void theEarlierNameOfTheEndpointIsKnown() {
    assertThat(
            serve("PROVIDER=webhook API_KEY=k HTTP_URL=https://mail.example/send")
                .email()
                .endpoint())
        .isEqualTo(URI.create("https://mail.example/send"));
  }

  @Test
  void wordsOfLettersAreTheOperators() {
    assertThat(serve("TEMPLATE_MAGIC_CODE_SUBJECT=Code TEMPLATE_ORG_INVITE_BODY={{url}}").email())
        .extracting(EmailConfig::words)
        .isEqualTo(Map.of("MAGIC_CODE_SUBJECT", "Code", "ORG_INVITE_BODY", "{{url}}"));
  }

  @Test
  void noSecretIsShown() {
    Config config = serve("PROVIDER=smtp API_KEY=hush SMTP_HOST=h SMTP_USER=u SMTP_PASSWORD=hush");

    assertThat(config.email().toString()).doesNotContain("hush");
  }
}
