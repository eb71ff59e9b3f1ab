package dev.pylon.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.boot.Backup.Parts;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is saved comes back as it was, and what is damaged does not come back at all. */
class BackupTest {
  private static final Map<String, Object> ABOUT = Map.of("format", 1);

  @TempDir private Path folder;
  private Parts parts;
  private Path archive;

  @BeforeEach
  void fill() throws IOException, SQLException {
    parts =
        new Parts(
            folder.resolve(".pylon/dev.db"),
            folder.resolve("pylon.manifest.json"),
            folder.resolve(".pylon/uploads"));
    archive = folder.resolve("saved.zip");
    Files.createDirectories(parts.uploads().resolve("deep"));
    Files.writeString(parts.manifest(), "{}");
    Files.writeString(parts.uploads().resolve("deep/ü.txt"), "picture");
    execute(parts.database(), "PRAGMA journal_mode = WAL");
    execute(parts.database(), "CREATE TABLE t (n INTEGER)");
    execute(parts.database(), "INSERT INTO t VALUES (1)");
    execute(parts.database(".sessions.db"), "CREATE TABLE s (n INTEGER)");
  }

  private static void execute(Path database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(Path database, String table) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private Backup.Contents restore() {
    return Restore.from(archive, parts, folder.resolve(".pylon"));
  }

  @Test
  void everythingComesBackAsItWas() throws IOException, SQLException {
    Backup.Contents saved = Backup.write(parts, archive, ABOUT);
    execute(parts.database(), "INSERT INTO t VALUES (2)");
    Files.delete(parts.uploads().resolve("deep/ü.txt"));
    Files.writeString(parts.uploads().resolve("later.txt"), "later");
    Files.delete(parts.manifest());

    Backup.Contents back = restore();

    assertThat(back).isEqualTo(saved);
    assertThat(saved.databases()).containsExactly("db/app.db", "db/app.db.sessions.db");
    assertThat(count(parts.database(), "t")).isEqualTo(1);
    assertThat(count(parts.database(".sessions.db"), "s")).isZero();
    assertThat(parts.uploads().resolve("deep/ü.txt")).hasContent("picture");
    assertThat(parts.uploads().resolve("later.txt")).doesNotExist();
    assertThat(parts.manifest()).hasContent("{}");
  }

  /** Hashes of passwords lie in both. */
  @Test
  void archiveAndDatabaseAreForTheirOwnerAlone() throws IOException {
    Backup.write(parts, archive, ABOUT);
    restore();

    assertThat(List.of(archive, parts.database(), parts.database(".sessions.db")))
        .allSatisfy(file ->
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------"));
  }

  /** A pair of rows is always written together: a copy that has one alone is no moment. */
  @Test
  void whoWritesMeanwhileNeedNotWaitAndIsSeenWholeOrNotAtAll() throws Exception {
    execute(parts.database(), "CREATE TABLE pair (n INTEGER)");
    var stop = new AtomicBoolean();
    var writing = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Integer> writer = threads.submit(() -> writePairs(stop, writing));
      writing.await();
      for (int i = 0; i < 5; i++) {
        Backup.write(parts, archive, ABOUT);
      }
      stop.set(true);
      assertThat(writer.get()).isPositive();
    }

    restore();

    assertThat(count(parts.database(), "pair") % 2).isZero();
  }

  private Integer writePairs(AtomicBoolean stop, CountDownLatch writing) throws SQLException {
    int pairs = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + parts.database());
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stop.get()) {
        statement.execute("INSERT INTO pair VALUES (1)");
        statement.execute("INSERT INTO pair VALUES (1)");
        connection.commit();
        pairs++;
        writing.countDown();
      }
    }
    return pairs;
  }

  /** The last of the parts finds no place: a file stands where its folder should be. */
  @Test
  void whatCannotBePutBackLeavesEverythingAsItIs() throws IOException, SQLException {
    Backup.write(parts, archive, ABOUT);
    execute(parts.database(), "INSERT INTO t VALUES (2)");
    Files.writeString(parts.manifest(), "[]");
    Path obstacle = Files.writeString(folder.resolve("obstacle"), "");
    var blocked = new Parts(parts.database(), parts.manifest(), obstacle.resolve("uploads"));

    assertThatThrownBy(() -> Restore.from(archive, blocked, folder.resolve(".pylon")))
        .isInstanceOf(UncheckedIOException.class);

    assertThat(count(parts.database(), "t")).isEqualTo(2);
    assertThat(parts.manifest()).hasContent("[]");
    try (Stream<Path> left = Files.list(folder.resolve(".pylon"))) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.matches("restore-.*|.*\\.(replaced|restored)"));
    }
  }

  @Test
  void aDamagedFileChangesNothing() throws IOException, SQLException {
    Backup.write(parts, archive, ABOUT);
    byte[] bytes = Files.readAllBytes(archive);
    execute(parts.database(), "INSERT INTO t VALUES (2)");

    for (int at : List.of(bytes.length / 4, bytes.length / 2, bytes.length - 30)) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x55;
      Files.write(archive, damaged);

      assertThatThrownBy(this::restore)
          .as("byte " + at)
          .isInstanceOfSatisfying(
              PylonException.class, e -> assertThat(e.code()).isEqualTo(BootError.NO_BACKUP));
      assertThat(count(parts.database(), "t")).isEqualTo(2);
    }
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(this::restore).isInstanceOf(PylonException.class);
  }

  @Test
  void nothingIsRestoredUnderARunningServer() throws Exception {
    Backup.write(parts, archive, ABOUT);

    try (Claim server = Claim.take(folder.resolve(".pylon")).orElseThrow()) {
      assertThat(server).isNotNull();
      assertThatThrownBy(this::restore)
          .isInstanceOfSatisfying(
              PylonException.class,
              e -> assertThat(e.code()).isEqualTo(BootError.DEV_ALREADY_RUNNING));
    }
  }

  @Test
  void withoutADatabaseThereIsNothingToSave() throws IOException {
    var none = new Parts(folder.resolve("none.db"), parts.manifest(), parts.uploads());

    assertThatThrownBy(() -> Backup.write(none, archive, ABOUT))
        .hasMessageContaining("There is no database at");
    assertThat(archive).doesNotExist();
  }

  @Test
  void nothingElseIsLeftBehind() throws IOException {
    Backup.write(parts, archive, ABOUT);
    restore();

    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(".pylon", "pylon.manifest.json", "saved.zip");
    }
    try (var files = Files.list(folder.resolve(".pylon"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("restore-"));
    }
  }
}
