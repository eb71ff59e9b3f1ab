package dev.pylon.auth.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.auth.passwords.PasswordHash.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
  @Test
  void aNewHashFitsItsPasswordAndNoOther() {
    String hash = PasswordHash.of("correct horse");

    assertThat(hash).matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[^$]{22}\\$[^$]{43}");
    assertThat(PasswordHash.check("correct horse", hash)).isEqualTo(Verdict.RIGHT);
    assertThat(PasswordHash.check("correct hors", hash)).isEqualTo(Verdict.WRONG);
    assertThat(PasswordHash.of("correct horse")).isNotEqualTo(hash);
  }

  /** Vectors of the Argon2, bcrypt and scrypt reference implementations. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "password $argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "password $argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
        "U*U $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "pleaseletmein $scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw"
      })
  void hashesOfEarlierSystemsAreUnderstoodAndOld(String password, String stored) {
    assertThat(PasswordHash.check(password, stored)).isEqualTo(Verdict.RIGHT_BUT_OLD);
    assertThat(PasswordHash.check(password + "x", stored)).isEqualTo(Verdict.WRONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "password",
        "$argon2id$",
        "$argon2id$v=19$m=0,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$",
        "$argon2x$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$2a$10$tooShort",
        "$2z$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$scrypt$ln=40,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046w",
        "$1$salt$hash"
      })
  void textThatIsNoHashFitsNoPassword(String stored) {
    assertThat(PasswordHash.check(stored, stored)).isEqualTo(Verdict.WRONG);
    assertThat(PasswordHash.check("password", stored)).isEqualTo(Verdict.WRONG);
  }
}
