package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON web tokens: those signed with our secret, and those of an issuer we trust.
 *
 * @param secret null where there are none of ours
 * @param issuer who signs with it; null where nobody says
 * @param trust null where no other issuer is trusted
 */
public record JwtConfig(
    @Nullable String secret, @Nullable String issuer, Duration lifetime, @Nullable Trust trust) {

  /**
   * Another issuer.
   *
   * @param audiences whom its tokens must be for, at least one
   * @param keys where its keys are; null where it tells
   */
  public record Trust(
      String issuer,
      List<String> audiences,
      @Nullable URI keys,
      List<String> algorithms,
      String userClaim,
      String rolesClaim,
      String tenantClaim) {
    public Trust {
      audiences = List.copyOf(audiences);
      algorithms = List.copyOf(algorithms);
    }
  }

  /**
   * @throws PylonException {@link ConfigError#INVALID_SETTING}
   */
  static JwtConfig of(Resolver settings) {
    return new JwtConfig(
        settings.find(SignInSettings.JWT_SECRET).orElse(null),
        settings.find(SignInSettings.JWT_ISSUER).orElse(null),
        Duration.ofSeconds(settings.value(SignInSettings.JWT_LIFETIME)),
        trust(settings));
  }

  private static @Nullable Trust trust(Resolver settings) {
    String issuer = settings.find(SignInSettings.JWT_TRUST_ISSUER).orElse(null);
    List<String> audiences = settings.value(SignInSettings.JWT_TRUST_AUDIENCE);
    String keys = settings.find(SignInSettings.JWT_TRUST_JWKS_URL).orElse(null);
    if (issuer == null) {
      if (!audiences.isEmpty() || keys != null) {
        throw refused("PYLON_JWT_TRUST_ISSUER is not set: nobody is trusted without a name");
      }
      return null;
    }
    if (audiences.isEmpty()) {
      throw refused(
          "PYLON_JWT_TRUST_AUDIENCE is not set: a token that the issuer gave to somebody else would"
              + " do here, too");
    }
    if (keys == null) {
      URI unused = address(SignInSettings.JWT_TRUST_ISSUER, issuer);
    }
    return new Trust(
        issuer,
        audiences,
        keys == null ? null : address(SignInSettings.JWT_TRUST_JWKS_URL, keys),
        settings.value(SignInSettings.JWT_TRUST_ALGORITHMS),
        settings.value(SignInSettings.JWT_TRUST_USER_CLAIM),
        settings.value(SignInSettings.JWT_TRUST_ROLES_CLAIM),
        settings.value(SignInSettings.JWT_TRUST_TENANT_CLAIM));
  }

  private static URI address(Setting<?> setting, String text) {
    return WebAddress.parse(text)
        .orElseThrow(
            () -> refused("%s \"%s\": an https address expected".formatted(setting, text)));
  }

  private static PylonException refused(String sentence) {
    return new PylonException(ConfigError.INVALID_SETTING, sentence);
  }

  /** Never shows the secret. */
  @Override
  public String toString() {
    return "JwtConfig[issuer=%s, trust=%s]".formatted(issuer, trust);
  }
}
