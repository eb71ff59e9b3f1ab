package dev.pylon;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Postgres for tests, from binaries that the build fetches: no container, no installation;
 * it runs as root too. Unpacked under the folder for temporary files, on a port of its own, gone
 * with this process.
 *
 * <pre>
 *   String url = PostgresServer.shared().newDatabase();  // postgres://postgres@localhost:41234/test_7
 * </pre>
 */
public final class PostgresServer implements AutoCloseable {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** Held, so that the level stays: the loggers of the JDK are kept by whoever uses them. */
  private static final Logger NOISE = Logger.getLogger("io.zonky.test.db.postgres.embedded");

  static {
    NOISE.setLevel(Level.WARNING);
  }

  /** Outlives a stop; null where that is not wanted. */
  private final @Nullable Path data;

  private EmbeddedPostgres server;

  private PostgresServer(@Nullable Path data) throws IOException {
    this.data = data;
    this.server = start(0);
  }

  /** The one of this process; nobody closes or stops it. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  /** One that a test may stop and start again, and closes. */
  public static PostgresServer own() {
    try {
      return new PostgresServer(Files.createTempDirectory("pylon-postgres-"));
    } catch (IOException e) {
      throw new UncheckedIOException("Postgres did not start", e);
    }
  }

  private static final class Shared {
    static final PostgresServer SERVER = start();

    private static PostgresServer start() {
      try {
        return new PostgresServer(null);
      } catch (IOException e) {
        throw new UncheckedIOException("Postgres did not start", e);
      }
    }
  }

  private EmbeddedPostgres start(int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
            .setServerConfig("max_connections", "300")
            // What a crash of the machine would lose, tests do not miss.
            .setServerConfig("fsync", "off")
            .setServerConfig("full_page_writes", "off")
            .setServerConfig("synchronous_commit", "off")
            // It would start a process for each of some hundred databases, again and again.
            .setServerConfig("autovacuum", "off");
    if (data != null) {
      builder.setDataDirectory(data).setCleanDataDirectory(false);
    }
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  /**
   * Makes an empty database that nobody else uses, and returns its URL. It sorts text as people do,
   * not byte by byte, as the databases of most installations.
   */
  public String newDatabase() {
    return newDatabase("LOCALE_PROVIDER icu ICU_LOCALE 'en-US' TEMPLATE template0");
  }

  private String newDatabase(String options) {
    String name = "test_" + DATABASES.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name + " " + options);
    return url(name);
  }

  /** The URL of a database of this server, whether there is one or not. */
  public String url(String database) {
    return "postgres://postgres@localhost:%d/%s".formatted(server.getPort(), database);
  }

  /** Does something to the server or to a database that no room of ours would do. */
  public void execute(String database, String sql) {
    try (Connection connection = server.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Stops the server, with all its connections. */
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Postgres did not stop", e);
    }
  }

  /** Starts it again where it was, with what it held. */
  public void start() {
    try {
      server = start(server.getPort());
    } catch (IOException e) {
      throw new UncheckedIOException("Postgres did not start again", e);
    }
  }

  /** Stops it for good and deletes what it held. */
  @Override
  public void close() {
    stop();
    try (Stream<Path> files = Files.walk(Objects.requireNonNull(data, "the shared one stays"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("what Postgres held was not deleted", e);
    }
  }

  /** For benchmarks: prints the URL of an empty database, which is there until the input ends. */
  static void main() throws IOException {
    System.out.println(shared().newDatabase());
    System.in.transferTo(OutputStream.nullOutputStream());
    // The threads of the embedded server would keep this process.
    System.exit(0);
  }
}
