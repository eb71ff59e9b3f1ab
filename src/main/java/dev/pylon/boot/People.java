package dev.pylon.boot;

import dev.pylon.auth.Accounts;
import dev.pylon.auth.Breaches;
import dev.pylon.auth.SecondFactors;
import dev.pylon.auth.Vault;
import dev.pylon.config.Config;
import dev.pylon.config.IdentityConfig;
import dev.pylon.db.Database;
import dev.pylon.db.DatabaseError;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.email.Mailer;
import dev.pylon.model.PylonException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Accounts} are made of, as the operator says: where they are kept, whom they trust.
 */
final class People {
  /** Where the first digits of a hash are looked up. */
  private static final URI BREACHES = URI.create("https://api.pwnedpasswords.com/range/");

  private People() {}

  /**
   * Sessions and keys: in a file of their own beside SQLite's, else in the database itself.
   *
   * @param database asked when somebody first needs them; null as long as it is not open
   */
  static Vault vault(IdentityConfig identity, Supplier<@Nullable Database> database) {
    return Vault.of(
        () -> openVault(identity, database), identity.inMemory() || identity.file() != null);
  }

  private static Database openVault(
      IdentityConfig identity, Supplier<@Nullable Database> database) {
    Path file = identity.file();
    if (identity.inMemory()) {
      return SqliteDatabase.temporarySmall();
    }
    if (file != null) {
      PrivateFile.make(file);
      return SqliteDatabase.openSmall(file);
    }
    Database opened = database.get();
    if (opened == null) {
      throw new PylonException(DatabaseError.DATABASE_UNAVAILABLE, "The server is starting");
    }
    return opened;
  }

  static Accounts.Settings settings(Config config, Mailer mail, InstantSource clock) {
    IdentityConfig identity = config.identity();
    return new Accounts.Settings(
        mail,
        identity.asksForBreaches() ? Breaches.at(BREACHES) : Breaches.UNASKED,
        identity.keyPepper(),
        identity.publicUrl(),
        new SecondFactors.Settings(identity.totpKey(), identity.totpIssuer()),
        config.email().words(),
        Federation.bearers(config, clock),
        Federation.providers(config, clock));
  }
}
