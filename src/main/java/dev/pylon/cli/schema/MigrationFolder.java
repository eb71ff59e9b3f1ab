package dev.pylon.cli.schema;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.store.migration.MigrationFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The folder {@code migrations} of a project, with files of SQL called {@code NNNN_name.sql}. */
record MigrationFolder(Path path) {
  private static final int NAME_CHARS_MAX = 60;

  private static final String TEMPLATE =
      """
      -- %s
      -- up

      -- down
      """;

  /** How a file stands to a database. */
  enum Status {
    PENDING,
    APPLIED,
    /** Applied, and changed since. */
    CHANGED,
    /** Applied, and not in the folder any more. */
    MISSING;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One line of the list.
   *
   * @param file null where it is missing
   */
  record Entry(String filename, Status status, @Nullable MigrationFile file) {}

  static MigrationFolder of(Invocation invocation) {
    return new MigrationFolder(invocation.environment().directory().resolve("migrations"));
  }

  /** The files, in order. */
  List<MigrationFile> files() {
    var files = new ArrayList<MigrationFile>();
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(path, "*.sql")) {
        for (Path file : found) {
          MigrationFile.of(String.valueOf(file.getFileName()), Files.readString(file))
              .ifPresent(files::add);
        }
      } catch (IOException e) {
        throw failed("cannot read " + path, e);
      }
    }
    files.sort(
        Comparator.comparingInt(MigrationFile::number).thenComparing(MigrationFile::filename));
    return files;
  }

  /**
   * Every file, and every file that was ever applied.
   *
   * @param applied checksums by file name
   */
  List<Entry> entries(Map<String, String> applied) {
    var entries = new ArrayList<Entry>();
    List<MigrationFile> files = files();
    for (MigrationFile file : files) {
      String checksum = applied.get(file.filename());
      Status status =
          checksum == null
              ? Status.PENDING
              : checksum.equals(file.checksum()) ? Status.APPLIED : Status.CHANGED;
      entries.add(new Entry(file.filename(), status, file));
    }
    for (String name : applied.keySet()) {
      if (files.stream().noneMatch(file -> file.filename().equals(name))) {
        entries.add(new Entry(name, Status.MISSING, null));
      }
    }
    return entries;
  }

  /** Makes the next file, empty. */
  MigrationFile create(String title) {
    String name =
        title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
    if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
      throw Failure.usage(
          "a migration cannot be called \"%s\"".formatted(title),
          "Letters and digits, for example: pylon migrate create add_due_dates");
    }
    int number = files().stream().mapToInt(MigrationFile::number).max().orElse(0) + 1;
    String filename = "%04d_%s.sql".formatted(number, name);
    try {
      Files.createDirectories(path);
      Files.writeString(
          path.resolve(filename), TEMPLATE.formatted(title), StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw failed("cannot write into " + path, e);
    }
    return MigrationFile.of(filename, "").orElseThrow();
  }

  private static Failure failed(String message, IOException e) {
    return new Failure(
        ExitStatus.FAILED,
        "MIGRATIONS_UNREADABLE",
        message + ": " + e.getClass().getSimpleName() + " " + e.getMessage(),
        null);
  }
}
