package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who we are to clients: certificate and key as PEM files, or both in a key store. Paths are
 * absolute.
 *
 * @param password of the key store, empty where it has none
 */
public record TlsConfig(
    @Nullable Path certificate, @Nullable Path key, @Nullable Path keystore, String password) {

  /** What the settings say; null where they ask for no TLS. */
  static @Nullable TlsConfig of(Path root, Resolver settings) {
    @Nullable Path certificate = settings.find(Settings.TLS_CERT).map(root::resolve).orElse(null);
    @Nullable Path key = settings.find(Settings.TLS_KEY).map(root::resolve).orElse(null);
    @Nullable Path keystore = settings.find(Settings.TLS_KEYSTORE).map(root::resolve).orElse(null);
    if ((certificate == null) != (key == null)) {
      throw new PylonException(
          ConfigError.INVALID_SETTING, "PYLON_TLS_CERT and PYLON_TLS_KEY are set together");
    }
    if (certificate != null && keystore != null) {
      throw new PylonException(
          ConfigError.INVALID_SETTING, "PYLON_TLS_CERT or PYLON_TLS_KEYSTORE, not both");
    }
    return certificate == null && keystore == null
        ? null
        : new TlsConfig(
            certificate, key, keystore, settings.find(Settings.TLS_KEYSTORE_PASSWORD).orElse(""));
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return "TlsConfig[" + (keystore == null ? certificate : keystore) + "]";
  }
}
