package dev.pylon.boot;

import dev.pylon.config.TlsConfig;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Makes of certificate and key what a listener speaks TLS with. */
final class Tls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]+)-----END");

  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");

  private Tls() {}

  /**
   * @throws PylonException {@code TLS_UNUSABLE} where a file cannot be read as what it should be
   */
  static SSLContext of(TlsConfig config) {
    try {
      char[] password = config.password().toCharArray();
      KeyStore keys = config.keystore() == null ? fromPem(config) : opened(config, password);
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, config.keystore() == null ? new char[0] : password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
  }

  private static KeyStore opened(TlsConfig config, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(existing(config.keystore()))) {
      keys.load(in, password);
    }
    return keys;
  }

  private static KeyStore fromPem(TlsConfig config) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "pylon", key(existing(config.key())), new char[0], chain(existing(config.certificate())));
    return keys;
  }

  private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(Certificate[]::new);
      if (chain.length == 0) {
        throw unusable(file + " holds no certificate", null);
      }
      return chain;
    }
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    Matcher found = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!found.find() || !found.group(1).isEmpty()) {
      throw unusable(
          file + " holds no plain PKCS#8 key; openssl pkcs8 -topk8 -nocrypt -in old.pem makes one",
          null);
    }
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(2)));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // A key of another sort: the next is tried, and the last refusal below is for all of them.
      }
    }
    throw unusable(file + " holds a key that is none of " + String.join(", ", ALGORITHMS), null);
  }

  private static Path existing(@Nullable Path file) {
    if (file == null || !Files.isReadable(file)) {
      throw unusable(file + " cannot be read", null);
    }
    return file;
  }

  private static PylonException unusable(String reason, @Nullable Exception cause) {
    return new PylonException(BootError.TLS_UNUSABLE, "TLS cannot be had: " + reason, cause);
  }
}
