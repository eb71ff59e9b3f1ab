package dev.pylon.auth.factors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

  /** RFC 6238, appendix B: the last six of eight digits. */
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void codesAreThoseOfTheStandard(long seconds, String code) {
    assertThat(Totp.code(SECRET, seconds)).isEqualTo(code);
  }

  @Test
  void aCodeIsGoodForAStepBeforeAndAfter() {
    String code = Totp.code(SECRET, 3_000);

    assertThat(Totp.step(SECRET, code, 2_970)).isEqualTo(OptionalLong.of(100));
    assertThat(Totp.step(SECRET, code, 3_059)).isEqualTo(OptionalLong.of(100));
    assertThat(Totp.step(SECRET, code, 2_969)).isEmpty();
    assertThat(Totp.step(SECRET, code, 3_060)).isEmpty();
  }

  @Test
  void whatAnAppReadsNamesIssuerAndAccount() {
    assertThat(Totp.url("My App", "ann@example.com", "ABC"))
        .isEqualTo(
            "otpauth://totp/My%20App:ann%40example.com?secret=ABC&issuer=My%20App"
                + "&algorithm=SHA1&digits=6&period=30");
  }

  /** RFC 4648, 10. */
  @ParameterizedTest
  @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "foobar, MZXW6YTBOI"})
  void lettersAreThoseOfTheStandard(String bytes, String text) {
    assertThat(Base32.text(bytes.getBytes(StandardCharsets.US_ASCII))).isEqualTo(text);
    assertThat(new String(Base32.bytes(text), StandardCharsets.US_ASCII)).isEqualTo(bytes);
  }

  @Test
  void whatIsSealedIsReadByItsKeyForItsOwnerOnly() {
    byte[] secret = new byte[20];
    new Random(7).nextBytes(secret);
    var seal = new Seal("one key");
    String kept = seal.close(secret, "ann");

    assertThat(seal.open(kept, "ann")).hasValueSatisfying(v -> assertThat(v).isEqualTo(secret));
    assertThat(kept).isNotEqualTo(seal.close(secret, "ann"));
    assertThat(seal.open(kept, "bob")).isEmpty();
    assertThat(new Seal("another key").open(kept, "ann")).isEmpty();
    assertThat(new Seal(null).open(kept, "ann")).isEmpty();
    assertThat(seal.open(kept.substring(0, kept.length() - 4) + "AAA=", "ann")).isEmpty();
    assertThat(seal.open("rubbish", "ann")).isEmpty();
    assertThat(seal.open("sealed:AAAA", "ann")).isEmpty();
  }

  @Test
  void whatWasKeptWithoutAKeyIsReadWhenThereIsOne() {
    byte[] secret = {1, 2, 3};

    assertThat(new Seal("a key").open(new Seal(null).close(secret, "ann"), "ann"))
        .hasValueSatisfying(v -> assertThat(v).isEqualTo(secret));
    assertThatThrownBy(() -> Base32.bytes("1")).isInstanceOf(IllegalArgumentException.class);
  }
}
