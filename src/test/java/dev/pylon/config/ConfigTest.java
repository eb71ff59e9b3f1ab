package dev.pylon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  private static final Map<String, String> SAFE =
      Map.of("PYLON_CORS_ORIGIN", "https://example.com");

  @TempDir private Path folder;

  @BeforeEach
  void anApp() throws IOException {
    Files.writeString(folder.resolve("app.ts"), "");
  }

  private Environment environment(Map<String, String> variables) {
    return new Environment(variables, Map.of(), folder);
  }

  private Config dev(Map<String, String> variables, Map<String, String> options) {
    return Config.forDev(environment(variables), null, options);
  }

  private Config serve(Map<String, String> variables, Map<String, String> options) {
    return Config.forServe(environment(variables), null, options);
  }

  @Test
  void anOptionBeatsTheEnvironmentBeatsTheFilesBeatTheDefault() throws IOException {
    assertThat(dev(Map.of(), Map.of()).http().port()).isEqualTo(4321);

    Files.writeString(folder.resolve(".env"), "PYLON_PORT=5001");
    assertThat(dev(Map.of(), Map.of()).http().port()).isEqualTo(5001);

    Files.writeString(folder.resolve(".env.local"), "PYLON_PORT=5002");
    assertThat(dev(Map.of(), Map.of()).http().port()).isEqualTo(5002);

    var variables = Map.of("PYLON_PORT", "5003");
    assertThat(dev(variables, Map.of()).http().port()).isEqualTo(5003);
    assertThat(dev(variables, Map.of("--port", "5004")).http().port()).isEqualTo(5004);
  }

  @Test
  void onlyAPortSomebodyAskedForIsChosen() {
    assertThat(dev(Map.of(), Map.of()).http().portChosen()).isFalse();
    assertThat(dev(Map.of("PYLON_PORT", "4321"), Map.of()).http().portChosen()).isTrue();
  }

  @Test
  void serveReadsNoEnvFiles() throws IOException {
    Files.writeString(folder.resolve(".env"), "PYLON_PORT=5001");

    Config config = serve(SAFE, Map.of());

    assertThat(config.http().port()).isEqualTo(4321);
    assertThat(config.envFiles()).isEmpty();
    assertThat(config.childEnvironment()).isEmpty();
  }

  @Test
  void childrenGetWhatTheFilesAdd() throws IOException {
    Files.writeString(folder.resolve(".env"), "A=file\nB=file");
    Files.writeString(folder.resolve(".env.local"), "B=local");

    Config config = dev(Map.of("A", "process"), Map.of());

    assertThat(config.childEnvironment()).isEqualTo(Map.of("B", "local"));
  }

  @Test
  void devIsGenerousAndServeIsNot() {
    Config dev = dev(Map.of(), Map.of());
    Config serve = serve(SAFE, Map.of());

    assertThat(dev.http().hosts()).containsExactly("127.0.0.1", "::1");
    assertThat(dev.http().devMode()).isTrue();
    assertThat(dev.http().corsOrigins()).containsExactly("*");
    assertThat(dev.http().rateLimit()).isEqualTo(new RateLimit(100_000, Duration.ofMinutes(1)));
    assertThat(dev.functions().rateLimit().max()).isEqualTo(100_000);
    assertThat(dev.http().drain()).isEqualTo(Duration.ofSeconds(2));

    assertThat(serve.http().hosts()).containsExactly("0.0.0.0");
    assertThat(serve.http().devMode()).isFalse();
    assertThat(serve.http().csrfOrigins()).containsExactly("https://example.com");
    assertThat(serve.http().rateLimit().max()).isEqualTo(600);
    assertThat(serve.functions().rateLimit().max()).isEqualTo(30);
    assertThat(serve.http().drain()).isEqualTo(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @CsvSource({
    "1,true",
    "TRUE,true",
    "Yes,true",
    "on,true",
    "0,false",
    "false,false",
    "enabled,false"
  })
  void devModeIsOnForAYes(String text, boolean on) {
    var variables = Map.of("PYLON_DEV_MODE", text, "PYLON_CORS_ORIGIN", "https://example.com");

    assertThat(serve(variables, Map.of()).http().devMode()).isEqualTo(on);
  }

  @ParameterizedTest
  @CsvSource({"2,2000", "2s,2000", "1500ms,1500", "0.25,250"})
  void aDurationIsSecondsUnlessItSaysOtherwise(String text, long millis) {
    Config config = dev(Map.of("PYLON_FN_CALL_TIMEOUT", text), Map.of());

    assertThat(config.functions().callTimeout()).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "PYLON_PORT,70000",
    "PYLON_PORT,abc",
    "PYLON_FN_CALL_TIMEOUT,soon",
    "PYLON_FN_CALL_TIMEOUT,-1",
    "PYLON_FN_WORKERS,0",
    "PYLON_RATE_LIMIT_WINDOW,0"
  })
  void aWrongVariableIsNamedWithWhatWouldBeRight(String name, String text) {
    assertThatThrownBy(() -> dev(Map.of(name, text), Map.of()))
        .isInstanceOfSatisfying(
            PylonException.class, e -> assertThat(e.code()).isEqualTo(ConfigError.INVALID_SETTING))
        .hasMessageStartingWith(name + " \"" + text + "\": ")
        .hasMessageEndingWith(" expected");
  }

  @Test
  void aWrongOptionIsNamedAsTheUserTypedIt() {
    assertThatThrownBy(() -> dev(Map.of("PYLON_PORT", "1"), Map.of("--port", "x")))
        .isInstanceOfSatisfying(
            PylonException.class, e -> assertThat(e.code()).isEqualTo(ConfigError.INVALID_OPTION))
        .hasMessage("--port \"x\": a whole number from 0 to 65535 expected");
  }

  @Test
  void aWrongLineOfAFileNamesTheFile() throws IOException {
    Files.writeString(folder.resolve(".env.local"), "PYLON_PORT=x");

    assertThatThrownBy(() -> dev(Map.of(), Map.of())).hasMessageContaining(".env.local): ");
  }

  @ParameterizedTest
  @CsvSource({"''", "*", "'https://a.example, *'"})
  void outsideDevModeAnyOriginIsRefused(String origins) {
    assertThatThrownBy(() -> serve(Map.of("PYLON_CORS_ORIGIN", origins), Map.of()))
        .isInstanceOfSatisfying(
            PylonException.class,
            e -> assertThat(e.code()).isEqualTo(ConfigError.CORS_ORIGIN_REQUIRED));
  }

  @Test
  void devKeepsItsRowsBesideTheEntryWhateverTheEnvironmentSays() {
    var variables = Map.of("PYLON_DB_PATH", "other.db", "DATABASE_URL", "prod.db");

    assertThat(dev(variables, Map.of()).db().file()).isEqualTo(folder.resolve(".pylon/dev.db"));
    assertThat(dev(variables, Map.of("--db", "mine.db")).db().file())
        .isEqualTo(folder.resolve("mine.db"));
    assertThat(dev(Map.of("DATABASE_URL", "postgres://u:p@h/d"), Map.of()).db().postgresUrl())
        .isEqualTo("postgres://u:p@h/d");
  }

  @Test
  void serveAsksTheUrlThenThePathThenTakesTheDefault() {
    var both = Map.of("PYLON_DB_PATH", "path.db", "DATABASE_URL", "url.db", "PYLON_DEV_MODE", "1");
    var path = Map.of("PYLON_DB_PATH", "path.db", "PYLON_DEV_MODE", "1");

    assertThat(serve(both, Map.of("--db", "flag.db")).db().file())
        .isEqualTo(folder.resolve("flag.db"));
    assertThat(serve(both, Map.of()).db().file()).isEqualTo(folder.resolve("url.db"));
    assertThat(serve(path, Map.of()).db().file()).isEqualTo(folder.resolve("path.db"));
    assertThat(serve(SAFE, Map.of()).db().file()).isEqualTo(folder.resolve(".pylon/dev.db"));
  }

  @Test
  void noSecretIsShown() {
    Config config =
        dev(Map.of("PYLON_ADMIN_TOKEN", "hush", "DATABASE_URL", "postgres://u:hush@h/d"), Map.of());

    assertThat(config.http().toString()).doesNotContain("hush");
    assertThat(config.db().toString()).isEqualTo("postgres://***@h/d");
    for (String url :
        List.of(
            "postgres://u:hu/sh@x@h:1/d",
            "POSTGRESQL://u:hush%40@h:1/d?password=hush",
            "postgres://u:hush@h:1/d?sslmode=require")) {
      assertThat(dev(Map.of("DATABASE_URL", url), Map.of()).db().shown())
          .isEqualTo("postgres://***@h:1/d");
    }
  }

  @Test
  void functionsAreBesideTheEntryElseInTheWorkingDirectory() throws IOException {
    Files.createDirectories(folder.resolve("apps/api/functions"));
    Files.writeString(folder.resolve("apps/api/app.ts"), "");
    var environment = environment(Map.of());

    assertThat(
            Config.forDev(environment, Path.of("apps/api/app.ts"), Map.of())
                .functions()
                .directory())
        .isEqualTo(folder.resolve("apps/api/functions"));
    assertThat(Config.forDev(environment, Path.of("app.ts"), Map.of()).functions().directory())
        .isEqualTo(folder.resolve("functions"));
    assertThat(dev(Map.of("PYLON_FUNCTIONS_DIR", "/elsewhere"), Map.of()).functions().directory())
        .isEqualTo(Path.of("/elsewhere"));
  }

  @Test
  void aMistypedNameIsWarnedAbout() throws IOException {
    Files.writeString(
        folder.resolve(".env"), "PYLON_FN_WORKER=2\nPYLON_S3_BUKET=b\nPYLON_OAUTH_X_CLIENT_IDS=a");

    var variables =
        Map.of(
            "PYLON_URL",
            "http://x",
            "PYLON_NONSENSE_X",
            "1",
            "PYLON_FOO",
            "1",
            "PYLON_PRT",
            "1",
            "PYLON_DATABASE_URL",
            "postgres://x");

    assertThat(dev(variables, Map.of()).warnings())
        .isEqualTo(
            List.of(
                "PYLON_DATABASE_URL is not a setting; did you mean DATABASE_URL?",
                "PYLON_FN_WORKER is not a setting; did you mean PYLON_FN_WORKERS?",
                "PYLON_FOO is not a setting",
                "PYLON_NONSENSE_X is not a setting",
                "PYLON_OAUTH_X_CLIENT_IDS is not a setting",
                "PYLON_PRT is not a setting; did you mean PYLON_PORT?",
                "PYLON_S3_BUKET is not a setting; did you mean PYLON_S3_BUCKET?"));
  }

  @Test
  void whatHasNoEffectYetIsSaidInOneSentence() {
    var variables = Map.of("PYLON_S3_BUCKET", "b", "PYLON_OAUTH_APPLE_TEAM_ID", "c");

    assertThat(dev(variables, Map.of()).warnings())
        .containsExactly(
            "without effect in this version: PYLON_OAUTH_APPLE_TEAM_ID, PYLON_S3_BUCKET");
  }

  // ---- cookies ----

  @Test
  void theSessionCookieIsAsTheOperatorWantsIt() {
    var page = Map.of("PYLON_CORS_ORIGIN", "https://a.example");
    IdentityConfig ordinary = serve(page, Map.of()).identity();
    IdentityConfig inDev = dev(Map.of(), Map.of()).identity();
    var asked = new HashMap<>(page);
    asked.put("PYLON_COOKIE_NAME", "sid");
    asked.put("PYLON_COOKIE_DOMAIN", "a.example");
    asked.put("PYLON_COOKIE_SECURE", "0");
    asked.put("PYLON_COOKIE_SAME_SITE", "strict");
    IdentityConfig chosen = serve(asked, Map.of()).identity();
    asked.put("PYLON_COOKIE_SAME_SITE", "none");
    IdentityConfig foreign = serve(asked, Map.of()).identity();

    assertThat(ordinary.cookieName()).isNull();
    assertThat(ordinary.cookieDomain()).isNull();
    assertThat(ordinary.cookieSecure()).isTrue();
    assertThat(ordinary.sameSite()).isEqualTo("Lax");
    assertThat(inDev.cookieSecure()).isFalse();
    assertThat(chosen.cookieName()).isEqualTo("sid");
    assertThat(chosen.cookieDomain()).isEqualTo("a.example");
    assertThat(chosen.cookieSecure()).isFalse();
    assertThat(chosen.sameSite()).isEqualTo("Strict");
    assertThat(foreign.sameSite()).isEqualTo("None");
    assertThat(foreign.cookieSecure()).as("browsers take None over TLS only").isTrue();
  }

  // ---- what production refuses ----

  @ParameterizedTest
  @CsvSource({
    "PYLON_CORS_ORIGIN,https://a.example/,is no origin",
    "PYLON_CORS_ORIGIN,a.example,is no origin",
    "PYLON_CORS_ORIGIN,https://a b,is no origin",
    "PYLON_CORS_ORIGIN,null,is no origin",
    "PYLON_CSRF_ORIGINS,*,may not be * outside dev mode",
    "PYLON_ADMIN_TOKEN,hunter2,is too short to be secret: 12 characters or more",
    "PYLON_API_KEY_PEPPER,pepper,is too short to be secret: 12 characters or more",
    "PYLON_JWT_SECRET,a-secret-of-some-length,is too short to be secret: 32 characters or more"
  })
  void whatIsUnsafeIsServedInDevModeOnly(String name, String text, String reason) {
    var variables = new HashMap<>(SAFE);
    variables.put(name, text);

    assertThatThrownBy(() -> serve(variables, Map.of()))
        .isInstanceOfSatisfying(
            PylonException.class, e -> assertThat(e.code()).isEqualTo(ConfigError.UNSAFE_SETTING))
        .hasMessageStartingWith(name)
        .hasMessageContaining(reason);
    assertThatThrownBy(() -> serve(variables, Map.of()))
        .as("a secret is not repeated")
        .satisfies(e -> {
          if (!name.contains("ORIGIN")) {
            assertThat(e.getMessage()).doesNotContain(text);
          }
        });
    variables.put("PYLON_DEV_MODE", "1");
    assertThat(serve(variables, Map.of()).warnings())
        .contains(
            "PYLON_DEV_MODE is on: any origin may call, limits are wide, errors tell details; not"
                + " for production");
  }

  @Test
  void anotherIssuerIsTrustedOnlyForTokensThatAreForUs() {
    var variables = new HashMap<>(SAFE);
    variables.put("PYLON_JWT_TRUST_ISSUER", "https://login.example.com");
    assertThatThrownBy(() -> serve(variables, Map.of()))
        .hasMessageStartingWith("PYLON_JWT_TRUST_AUDIENCE is not set");

    variables.put("PYLON_JWT_TRUST_AUDIENCE", "https://api.example.com");
    assertThat(serve(variables, Map.of()).identity().jwt().trust())
        .isNotNull()
        .satisfies(trust -> assertThat(trust.algorithms()).containsExactly("RS256", "ES256"));

    variables.put("PYLON_JWT_TRUST_ISSUER", "http://login.example.com");
    assertThatThrownBy(() -> serve(variables, Map.of()))
        .hasMessage("PYLON_JWT_TRUST_ISSUER may not be http outside dev mode");
    variables.put("PYLON_JWT_TRUST_ISSUER", "https://login.example.com");
    variables.put("PYLON_JWT_TRUST_ALGORITHMS", "HS256");
    assertThatThrownBy(() -> serve(variables, Map.of()))
        .hasMessageContaining("one or more of RS256");
  }

  @Test
  void aProviderIsOnWhereItsIdAndSecretAre() {
    var variables = new HashMap<>(SAFE);
    variables.put("PYLON_PUBLIC_URL", "https://a.example/");
    variables.put("PYLON_OAUTH_GOOGLE_CLIENT_ID", "g");
    variables.put("PYLON_OAUTH_GOOGLE_CLIENT_SECRET", "hush-hush");
    variables.put("PYLON_OAUTH_MY_IDP_CLIENT_ID", "m");
    variables.put("PYLON_OAUTH_MY_IDP_CLIENT_SECRET", "hush-hush");
    variables.put("PYLON_OAUTH_MY_IDP_OIDC_ISSUER", "https://login.example.com");
    variables.put("PYLON_OAUTH_MY_IDP_SCOPES", "openid, email");

    var config = serve(variables, Map.of());

    assertThat(config.warnings()).noneMatch(said -> said.contains("OAUTH"));
    assertThat(config.identity().oauth().providers())
        .extracting(OAuthConfig.Provider::name, OAuthConfig.Provider::redirect)
        .containsExactly(
            tuple("google", "https://a.example/api/auth/callback/google"),
            tuple("my_idp", "https://a.example/api/auth/callback/my_idp"));
    assertThat(config.identity().oauth().providers().getLast().scopes())
        .containsExactly("openid", "email");
    assertThat(config.identity().oauth().toString()).doesNotContain("hush-hush");
  }

  @ParameterizedTest
  @CsvSource({
    "GOOGLE_CLIENT_ID,g,PYLON_OAUTH_GOOGLE_CLIENT_SECRET is not set",
    "GOOGLE_CLIENT_SECRET,s,PYLON_OAUTH_GOOGLE_CLIENT_ID is not set"
  })
  void halfAProviderIsRefusedAndInDevModeWarnedAbout(String name, String text, String reason) {
    var variables = new HashMap<>(SAFE);
    variables.put("PYLON_OAUTH_" + name, text);

    assertThatThrownBy(() -> serve(variables, Map.of())).hasMessageStartingWith(reason);
    variables.put("PYLON_DEV_MODE", "1");
    assertThat(serve(variables, Map.of()).warnings()).anyMatch(said -> said.startsWith(reason));
  }

  @ParameterizedTest
  @CsvSource({
    "PYLON_OAUTH_X_REDIRECT,http://a.example/cb,is http",
    "PYLON_OAUTH_X_OIDC_ISSUER,http://login.example.com,may not be http",
    "PYLON_OAUTH_X_OIDC_ISSUER,login,an https address expected",
    "PYLON_TRUSTED_ORIGINS,*,may not be *"
  })
  void whatCouldBeReadOnItsWayIsRefused(String name, String text, String reason) {
    var variables = new HashMap<>(SAFE);
    variables.put("PYLON_PUBLIC_URL", "https://a.example");
    variables.put("PYLON_OAUTH_X_CLIENT_ID", "x");
    variables.put("PYLON_OAUTH_X_CLIENT_SECRET", "s");
    variables.put("PYLON_OAUTH_X_OIDC_ISSUER", "https://login.example.com");
    assertThat(serve(variables, Map.of()).identity().oauth().providers()).hasSize(1);
    variables.put(name, text);

    assertThatThrownBy(() -> serve(variables, Map.of()))
        .hasMessageStartingWith(name)
        .hasMessageContaining(reason);
  }

  @Test
  void aProviderThatWeDoNotKnowMustIntroduceItself() {
    var variables = new HashMap<>(SAFE);
    variables.put("PYLON_OAUTH_SPOTIFY_CLIENT_ID", "x");
    variables.put("PYLON_OAUTH_SPOTIFY_CLIENT_SECRET", "s");

    assertThatThrownBy(() -> serve(variables, Map.of()))
        .hasMessageStartingWith(
            "PYLON_OAUTH_SPOTIFY_OIDC_ISSUER is not set, and this version knows no spotify");
  }

  @Test
  void aSecretForTokensThatNobodyTakesIsWarnedAbout() {
    var variables = new HashMap<>(SAFE);
    variables.put("PYLON_JWT_SECRET", "0123456789abcdef0123456789abcdef");

    assertThat(serve(variables, Map.of()).warnings())
        .contains("PYLON_JWT_SECRET is set without PYLON_JWT_ISSUER: no JWT is taken, all are 401");
  }

  @Test
  void allThatIsUnsafeIsToldAtOnce() {
    assertThatThrownBy(() -> serve(Map.of("PYLON_ADMIN_TOKEN", "short"), Map.of()))
        .hasMessageMatching("PYLON_CORS_ORIGIN is not set\nPYLON_ADMIN_TOKEN is too short.*");
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example",
    "http://localhost:3000",
    "'https://a.example, https://B.example:8443'",
    "capacitor://localhost",
    "'http://[::1]:5173'"
  })
  void originsAreSchemeHostAndPort(String origins) {
    assertThat(serve(Map.of("PYLON_CORS_ORIGIN", origins), Map.of()).http().corsOrigins())
        .isNotEmpty();
  }
}
