package dev.pylon.db.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.model.PylonException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data contract, 2.6 and T9. */
class PostgresUrlTest {
  private static String jdbc(String rest) {
    return PostgresUrl.parse("postgres://ann:secret@db.example.com" + rest).jdbc();
  }

  private static String encryption(String query) {
    return jdbc("/app" + query).replaceFirst(".*\\?", "");
  }

  @Test
  void theParts() {
    PostgresUrl url =
        PostgresUrl.parse("postgresql://ann%40x:p%2Fw%3A%40+@db.example.com/my%20app");

    assertThat(url.user()).isEqualTo("ann@x");
    assertThat(url.password()).isEqualTo("p/w:@+");
    assertThat(url.jdbc())
        .isEqualTo("jdbc:postgresql://db.example.com:5432/my%20app?sslmode=disable");
    assertThat(url.shown()).isEqualTo("postgres://db.example.com:5432/my app");
  }

  @Test
  void whatIsLeftOutHasItsUsualMeaning() {
    assertThat(PostgresUrl.parse("postgres:///app").jdbc())
        .startsWith("jdbc:postgresql://localhost:5432/app?");
    assertThat(PostgresUrl.parse("postgres://ann@h").jdbc())
        .startsWith("jdbc:postgresql://h:5432/ann?");
    assertThat(PostgresUrl.parse("postgres://h1:1,h2/app").jdbc())
        .startsWith("jdbc:postgresql://h1:1,h2:5432/app?");
    assertThat(PostgresUrl.parse("postgres://ann@[::1]:6/app").jdbc())
        .startsWith("jdbc:postgresql://[::1]:6/app?");
    assertThat(PostgresUrl.parse("postgres://h/app?user=ann&password=pw"))
        .satisfies(
            url -> assertThat(List.of(url.user(), url.password())).containsExactly("ann", "pw"));
  }

  @Test
  void encryptionIsWhatTheUrlSays() {
    assertThat(encryption("")).isEqualTo("sslmode=disable");
    assertThat(encryption("?sslmode=disable")).isEqualTo("sslmode=disable");
    assertThat(encryption("?sslmode=allow")).isEqualTo("sslmode=disable");
    assertThat(encryption("?sslmode=prefer")).isEqualTo("sslmode=prefer");
    for (String required : List.of("require", "", "nonsense", "REQUIRE")) {
      assertThat(encryption("?sslmode=" + required)).as(required).isEqualTo("sslmode=require");
    }
    assertThat(encryption("?sslrootcert=/ca.pem"))
        .isEqualTo("sslmode=require&sslrootcert=%2Fca.pem");
    assertThat(encryption("?sslmode=verify-full&sslrootcert=/ca.pem"))
        .isEqualTo("sslmode=verify-full&sslrootcert=%2Fca.pem");
    assertThat(encryption("?sslmode=verify-full"))
        .isEqualTo("sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory&sslmode=verify-full");
  }

  @Test
  void parametersOfLibpqAreLeftOutAndUnknownOnesPassedOn() {
    assertThat(encryption("?gssencmode=disable&keepalives=1&pgbouncer=true&prepareThreshold=0"))
        .isEqualTo("prepareThreshold=0&sslmode=disable");
    assertThat(encryption("?connect_timeout=7&application_name=my%20app"))
        .isEqualTo("ApplicationName=my%20app&connectTimeout=7&sslmode=disable");
  }

  @Test
  void nothingSecretIsShown() {
    PostgresUrl url = PostgresUrl.parse("postgres://ann:hush@h/app?password=hush&sslpassword=hush");

    assertThat(url.toString()).isEqualTo("postgres://h:5432/app");
    assertThat(PostgresUrl.parse("postgres://ann:hu@sh/x@h/app").toString()).doesNotContain("hu");
  }

  @Test
  void whatNamesNoDatabaseIsRefused() {
    assertThatThrownBy(() -> PostgresUrl.parse("postgres://localhost"))
        .isInstanceOf(PylonException.class)
        .hasMessage("The Postgres URL names no database");
    assertThatThrownBy(() -> PostgresUrl.parse("postgres:///app?host=/var/run/postgresql"))
        .isInstanceOf(PylonException.class)
        .hasMessageContaining("through a file");
  }
}
