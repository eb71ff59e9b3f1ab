package dev.pylon.boot;

import dev.pylon.db.Database;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.jobs.JobQueue;
import dev.pylon.json.JsonException;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** The jobs that an earlier server kept in a file of its own. */
final class EarlierJobFile {
  private static final System.Logger LOG = System.getLogger(EarlierJobFile.class.getName());

  private EarlierJobFile() {}

  /**
   * Takes its jobs over into {@code queue}, and puts the file aside.
   *
   * @param file null where none is wanted; it need not be there
   */
  static void takeOver(@Nullable Path file, JobQueue queue) {
    if (file == null || !Files.isRegularFile(file)) {
      return;
    }
    try {
      int count;
      try (Database earlier = SqliteDatabase.open(file)) {
        count = queue.takeOver(earlier, file.toString());
      }
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".imported"),
          StandardCopyOption.REPLACE_EXISTING);
      LOG.log(System.Logger.Level.INFO, "jobs were taken over count={0} file={1}", count, file);
    } catch (IOException | PylonException | DatabaseException | JsonException e) {
      LOG.log(System.Logger.Level.WARNING, "the jobs of an earlier server stay in " + file, e);
    }
  }
}
