package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.PylonProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole run of a talkative server whose secrets are marked: whatever it logs, answers, traces,
 * shows to {@code ps} or leaves in files that others may read is looked through for them.
 */
@NeedsBun
class SecretsIT {
  private static final String ADMIN = "MARKED-admin-token-0123456789";
  private static final String JWT = "MARKED-jwt-secret-0123456789-0123456789";
  private static final String PEPPER = "MARKED-pepper-0123456789";
  private static final String TOTP = "MARKED-totp-key-0123456789-0123456789";
  private static final String OAUTH = "MARKED-client-secret-0123456789";
  private static final String SMTP = "MARKED-smtp-password-0123456789";
  private static final String PASSWORD = "MARKED-password-0123456789";
  private static final String STRAY = "MARKED-stray-token-0123456789";
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> answers = new ArrayList<>();
  private final List<String> secrets =
      new ArrayList<>(List.of(ADMIN, JWT, PEPPER, TOTP, OAUTH, SMTP, PASSWORD, STRAY));

  /** What was answered, kept to be looked through. */
  private String ask(String url, String method, String path, String bearer, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Origin", "https://example.com")
            .timeout(Duration.ofSeconds(20));
    if (!bearer.isEmpty()) {
      request.header("Authorization", "Bearer " + bearer);
    }
    HttpResponse<String> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    // Whoever asks for a path that is not there is told which.
    String asked = path.replaceFirst("\\?.*", "");
    answers.add(
        reply.statusCode() + " " + reply.headers().map() + reply.body().replace(asked, "(path)"));
    return reply.body();
  }

  private void everythingThatMayGoWrong(String url) throws Exception {
    String user = "{\"email\":\"ann@example.com\",\"password\":\"%s\"}".formatted(PASSWORD);
    ask(url, "POST", "/api/auth/password/register", "", user);
    ask(url, "POST", "/api/auth/password/login", "", user);
    ask(url, "POST", "/api/auth/password/login", "", user + "}");
    for (String bearer :
        List.of("", STRAY, "pk.key_" + STRAY, "pylon_" + STRAY, "a." + STRAY + ".b", ADMIN)) {
      for (String path :
          List.of(
              "/api/auth/me",
              "/api/fn",
              "/api/fn/traces",
              "/api/jobs/stats",
              "/metrics",
              "/api/entities/Todo?token=" + STRAY,
              "/api/auth/pylon_" + STRAY,
              "/api/none/pk." + STRAY)) {
        ask(url, "GET", path, bearer, "");
      }
      ask(url, "POST", "/api/fn/listTodos?token=" + STRAY, bearer, "{}");
      ask(url, "POST", "/api/fn/none", bearer, "{\"password\":\"" + PASSWORD + "\"}");
      ask(url, "POST", "/api/fn/leak", bearer, "{\"password\":\"" + PASSWORD + "\"}");
      ask(url, "POST", "/api/fn/listTodos", bearer, "{\"password\":\"" + PASSWORD);
    }
  }

  @Test
  void noSecretIsToldToAnybody() throws Exception {
    Path app = PylonProcess.sample("todo", folder);
    Files.writeString(
        app.resolve("functions/leak.ts"),
        """
        import { action } from "@pylonsync/functions";
        export default action({
          handler: async () => { throw new Error("cannot do it"); },
        });
        """);
    List<String> settings =
        List.of(
            "PYLON_CORS_ORIGIN=https://example.com",
            "PYLON_ADMIN_TOKEN=" + ADMIN,
            "PYLON_JWT_SECRET=" + JWT,
            "PYLON_JWT_ISSUER=tests",
            "PYLON_API_KEY_PEPPER=" + PEPPER,
            "PYLON_TOTP_ENCRYPTION_KEY=" + TOTP,
            "PYLON_OAUTH_GITHUB_CLIENT_ID=desk",
            "PYLON_OAUTH_GITHUB_CLIENT_SECRET=" + OAUTH,
            "PYLON_EMAIL_PROVIDER=smtp",
            "PYLON_EMAIL_FROM=desk@example.com",
            "PYLON_EMAIL_SMTP_HOST=localhost",
            "PYLON_EMAIL_SMTP_PORT=9",
            "PYLON_EMAIL_SMTP_USER=desk",
            "PYLON_EMAIL_SMTP_PASSWORD=" + SMTP,
            "PYLON_PUBLIC_URL=https://example.com",
            "PYLON_LOG_LEVEL=debug",
            "PYLON_RATE_LIMIT_MAX=0",
            "PYLON_FN_RATE_LIMIT_MAX=5");
    var told = new ArrayList<String>();
    try (var pylon = PylonProcess.start(app, settings, "serve", "--port", "0", "--json")) {
      String url =
          pylon
              .awaitLine(line -> line.contains("START_OK"))
              .replaceFirst(".*\"url\":\"([^\"]+)\".*", "$1");
      everythingThatMayGoWrong(url);
      assertThat(answers)
          .as("the run has reached functions")
          .anyMatch(answer -> answer.startsWith("200 ") && answer.contains("x-pylon-call-id"));
      told.addAll(answers);

      // Who signs in is told a token, once; nobody hears of it again.
      Matcher token = TOKEN.matcher(ask(url, "POST", "/api/auth/guest", "", "{}"));
      assertThat(token.find()).isTrue();
      secrets.add(token.group(1));
      told.add(ask(url, "GET", "/api/auth/me", token.group(1), ""));
      told.add(ask(url, "POST", "/api/fn/none?token=" + token.group(1), token.group(1), "{}"));
      told.add(ask(url, "GET", "/api/fn/traces", ADMIN, ""));
      tokensOfEveryKind(url, told);

      told.addAll(commandLines(pylon));
      assertThat(openToOthers(app)).isEmpty();
      pylon.signal("TERM");
      assertThat(pylon.awaitExit(Eventually.SOON)).isEqualTo(143);
      assertThat(pylon.err())
          .as("the access log")
          .anyMatch(line -> line.contains("\"logger\":\"access\""));
      told.addAll(pylon.out());
      told.addAll(pylon.err());
    }
    assertThat(openToOthers(app)).isEmpty();
    for (String secret : secrets) {
      assertThat(told).as(secret).noneMatch(text -> text.contains(secret));
    }
  }

  /** Gets a JWT, a key and the secret of a second factor, and shows each once more. */
  private void tokensOfEveryKind(String url, List<String> told) throws Exception {
    String ann =
        value("token", ask(url, "POST", "/api/auth/session", ADMIN, "{\"user_id\":\"somebody\"}"));
    String jwt = value("token", ask(url, "POST", "/api/auth/jwt", ann, "{}"));
    String key = value("key", ask(url, "POST", "/api/auth/api-keys", ann, "{\"name\":\"k\"}"));
    for (String bearer : List.of(ann, jwt, key)) {
      told.add(ask(url, "GET", "/api/auth/me?token=" + bearer, bearer, ""));
      told.add(ask(url, "POST", "/api/fn/leak", bearer, "{}"));
      told.add(ask(url, "GET", "/api/none/" + bearer, bearer, "").replace(bearer, "(path)"));
    }
    told.add(ask(url, "GET", "/api/auth/api-keys", ann, ""));
    told.add(ask(url, "GET", "/api/auth/audit", ann, ""));
    told.add(ask(url, "GET", "/api/auth/login/github?callback=https://example.com/in", "", ""));
    told.add(ask(url, "POST", "/api/auth/magic/send", "", "{\"email\":\"eve@example.com\"}"));
    String factor = ask(url, "POST", "/api/auth/totp/enroll", ann, "{}");
    secrets.addAll(List.of(ann, jwt, key, value("secret", factor)));
    told.add(ask(url, "GET", "/api/fn/traces", ADMIN, ""));
  }

  private static String value(String member, String answer) {
    Matcher found = Pattern.compile("\"" + member + "\":\"([^\"]+)\"").matcher(answer);
    assertThat(found.find()).as("%s in %s", member, answer).isTrue();
    return found.group(1);
  }

  private static List<String> commandLines(PylonProcess pylon) throws IOException {
    var lines = new ArrayList<String>();
    for (ProcessHandle child : pylon.family()) {
      Path file = Path.of("/proc", String.valueOf(child.pid()), "cmdline");
      if (Files.isReadable(file)) {
        lines.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(lines)
        .anyMatch(line -> line.contains("bun"))
        .anyMatch(line -> line.contains("java"));
    return lines;
  }

  /** Files below {@code app} that hold a secret and that others than their owner may read. */
  private List<Path> openToOthers(Path app) throws IOException {
    try (Stream<Path> files = Files.walk(app)) {
      var open = new ArrayList<Path>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        boolean mayBeRead =
            Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        if (mayBeRead && secrets.stream().anyMatch(text::contains)) {
          open.add(file);
        }
      }
      return open;
    }
  }
}
