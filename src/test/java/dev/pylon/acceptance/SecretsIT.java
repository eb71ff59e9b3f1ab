package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.PylonProcess;
import dev.pylon.auth.factors.Base32;
import dev.pylon.auth.factors.Totp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
  private static final String AI = "MARKED-ai-key-0123456789";
  private static final String DATABASE = "MARKED-database-password-0123456789";
  private static final String PASSWORD = "MARKED-password-0123456789";
  private static final String STRAY = "MARKED-stray-token-0123456789";
  private static final String USER =
      """
      const User = entity("User", {
        email: field.string().unique(),
        passwordHash: field.string().optional(),
      });
      """;
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

  /** What changes from line to line, and may look like a code. */
  private static final Pattern CHANGING =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z|\"(ms|dur_ms|took_ms)\":[\\d.]+");

  @TempDir private Path folder;

  private final FilesOfOneRun files = new FilesOfOneRun();
  private final List<String> codes = new ArrayList<>();
  private int address;
  private LetterBox letters;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> answers = new ArrayList<>();
  private final List<String> secrets =
      new ArrayList<>(
          List.of(ADMIN, JWT, PEPPER, TOTP, OAUTH, SMTP, AI, DATABASE, PASSWORD, STRAY));

  @BeforeEach
  void takeMail() throws IOException {
    letters = new LetterBox();
  }

  @AfterEach
  void closeMail() throws IOException {
    letters.close();
  }

  /** What was answered, kept to be looked through. */
  private String ask(String url, String method, String path, String bearer, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Origin", "https://example.com")
            .header("Cookie", "todo_session=pylon_" + STRAY)
            .header("X-Forwarded-For", "198.51.100." + ++address % 250)
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
    Files.writeString(
        app.resolve("app.ts"),
        Files.readString(app.resolve("app.ts"))
            .replace("const manifest", "%sconst manifest".formatted(USER))
            .replace("entities: [Todo]", "entities: [Todo, User]"));
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
            "PYLON_EMAIL_SMTP_PORT=" + letters.port(),
            "PYLON_EMAIL_SMTP_SECURITY=none",
            "PYLON_EMAIL_SMTP_USER=desk",
            "PYLON_EMAIL_SMTP_PASSWORD=" + SMTP,
            "PYLON_PUBLIC_URL=https://example.com",
            "PYLON_AI_PROVIDER=custom",
            "PYLON_AI_BASE_URL=http://127.0.0.1:9/v1/chat/completions",
            "PYLON_AI_API_KEY=" + AI,
            "PYLON_TRUST_PROXY_HOPS=1",
            "PYLON_LOG_LEVEL=trace",
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
      lettersOfEveryKind(url, told);

      told.addAll(commandLines(pylon));
      assertThat(files.openToOthers(app, secrets)).isEmpty();
      pylon.signal("TERM");
      assertThat(pylon.awaitExit(Eventually.SOON)).isEqualTo(143);
      assertThat(pylon.err())
          .as("the access log")
          .anyMatch(line -> line.contains("\"logger\":\"access\""));
      told.addAll(pylon.out());
      told.addAll(pylon.err());
      assertThat(pylon.err())
          .as("an address is the first two characters and its domain")
          .noneMatch(line -> line.contains("mia@") || line.contains("new@example.com"));
    }
    assertThat(files.openToOthers(app, secrets)).isEmpty();
    for (String secret : secrets) {
      assertThat(told).as(secret).noneMatch(text -> text.contains(secret));
    }
    for (String code : codes) {
      Pattern alone = Pattern.compile("(?<!\\d)" + code + "(?!\\d)");
      assertThat(told)
          .as("the code %s", code)
          .noneMatch(text -> alone.matcher(CHANGING.matcher(text).replaceAll("")).find());
    }
  }

  /** A database that is not there, and a look at all settings. */
  @Test
  void thePasswordOfADatabaseIsNotToldEither() throws Exception {
    Path app = PylonProcess.sample("todo", folder);
    List<String> settings =
        List.of(
            "PYLON_CORS_ORIGIN=https://example.com",
            "PYLON_LOG_LEVEL=trace",
            "DATABASE_URL=postgres://desk:" + DATABASE + "@127.0.0.1:9/desk",
            "PYLON_DB_PATH=postgres://desk:" + DATABASE + "@127.0.0.1:9/desk");
    for (List<String> words :
        List.of(
            List.of("serve", "--port", "0"),
            List.of("serve", "--port", "0", "--json"),
            List.of("config", "show", "--serve", "--origin"),
            List.of("schema", "push"))) {
      try (var pylon = PylonProcess.start(app, settings, words.toArray(String[]::new))) {
        var _ = pylon.awaitExit(Eventually.SOON);
        var told = new ArrayList<String>(pylon.out());
        told.addAll(pylon.err());
        assertThat(told).as("%s", words).isNotEmpty().noneMatch(text -> text.contains(DATABASE));
      }
    }
    assertThat(files.openToOthers(app, secrets)).isEmpty();
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

  /** Has a letter of each kind sent, opens it, and tries it once more. */
  private void lettersOfEveryKind(String url, List<String> told) throws Exception {
    String member = "{\"email\":\"mia@example.com\"";
    String mia =
        value(
            "token",
            ask(
                url,
                "POST",
                "/api/auth/password/register",
                "",
                member + ",\"password\":\"" + PASSWORD + "\"}"));
    secrets.add(mia);
    ask(url, "POST", "/api/auth/email/send-verification", mia, "{}");
    told.add(
        ask(
            url,
            "POST",
            "/api/auth/email/verify",
            mia,
            "{\"code\":\"" + code("mia@example.com") + "\"}"));
    ask(url, "POST", "/api/auth/magic/send", "", "{\"email\":\"new@example.com\"}");
    String newcomer =
        "{\"email\":\"new@example.com\",\"code\":\"" + code("new@example.com") + "\"}";
    secrets.add(value("token", ask(url, "POST", "/api/auth/magic/verify", "", newcomer)));
    told.add(ask(url, "POST", "/api/auth/magic/verify", "", newcomer));

    ask(url, "POST", "/api/auth/magic-link/send", "", member + "}");
    String link = "{\"token\":\"" + link("mia@example.com", "token=") + "\"}";
    secrets.add(value("token", ask(url, "POST", "/api/auth/magic-link/verify", "", link)));
    told.add(
        ask(
            url,
            "GET",
            "/api/auth/magic-link/verify?token=" + secrets.get(secrets.size() - 2),
            "",
            ""));
    ask(
        url,
        "POST",
        "/api/auth/email/change/request",
        mia,
        "{\"newEmail\":\"mia@new.example\",\"currentPassword\":\"" + PASSWORD + "\"}");
    told.add(
        ask(
            url,
            "POST",
            "/api/auth/email/change/confirm",
            "",
            "{\"token\":\"" + link("mia@new.example", "token=") + "x\"}"));
    String org = value("id", ask(url, "POST", "/api/auth/orgs", mia, "{\"name\":\"Acme\"}"));
    ask(
        url,
        "POST",
        "/api/auth/orgs/" + org + "/invites",
        mia,
        "{\"email\":\"bob@example.com\",\"role\":\"member\"}");
    told.add(
        ask(
            url,
            "POST",
            "/api/auth/invites/" + link("bob@example.com", "invites/") + "/accept",
            mia,
            ""));
    told.add(ask(url, "GET", "/api/auth/orgs/" + org + "/invites", mia, ""));
    secondFactor(url, mia, told);
    ask(url, "POST", "/api/auth/password/reset/request", "", member + "}");
    String reset = link("mia@example.com", "token=");
    told.add(
        ask(
            url,
            "POST",
            "/api/auth/password/reset/complete",
            "",
            "{\"token\":\"" + reset + "\",\"newPassword\":\"" + PASSWORD + "-2\"}"));
    told.add(ask(url, "POST", "/api/ai/stream", mia, "{\"messages\":[]}"));
    for (String table : List.of("sessions", "accounts", "magic_codes", "oauth_state")) {
      told.add(ask(url, "GET", "/api/admin/auth/" + table, ADMIN, ""));
    }
    told.add(ask(url, "GET", "/api/auth/audit", mia, ""));
  }

  /** Enrols, and signs in as far as the second step. */
  private void secondFactor(String url, String mia, List<String> told) throws Exception {
    String secret = value("secret", ask(url, "POST", "/api/auth/totp/enroll", mia, "{}"));
    secrets.add(secret);
    String now = Totp.code(Base32.bytes(secret), Instant.now().getEpochSecond());
    String verified = ask(url, "POST", "/api/auth/totp/verify", mia, "{\"code\":\"" + now + "\"}");
    Matcher backup = Pattern.compile("\"([A-Za-z0-9-]{8,})\"(?=[,\\]])").matcher(verified);
    while (backup.find()) {
      secrets.add(backup.group(1));
    }
    String refused =
        ask(
            url,
            "POST",
            "/api/auth/password/login",
            "",
            "{\"email\":\"mia@example.com\",\"password\":\"" + PASSWORD + "\"}");
    secrets.add(value("totp_token", refused));
    told.add(ask(url, "POST", "/api/auth/totp/verify", mia, "{\"code\":\"000000\"}"));
  }

  private String code(String address) throws InterruptedException {
    String code = letters.find(address, ": ", "\\d{6}");
    codes.add(code);
    return code;
  }

  private String link(String address, String before) throws InterruptedException {
    String token = letters.find(address, before, "[\\w-]{20,}");
    secrets.add(token);
    return token;
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
}
