package dev.pylon.jobs;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.json.RawJson;
import dev.pylon.model.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SqliteJobQueueTest extends JobQueueContract {
  @Override
  Database openDatabase() {
    return SqliteDatabase.open(folder.resolve("app.db"));
  }

  @Test
  void jobsInMemoryCommitWithTheirMutationAndStayOutOfTheFile() {
    JobQueue onDisk = queue("disk");
    String kept = onDisk.schedule(null, "kept", RawJson.EMPTY_OBJECT, after(1));
    var inMemory = new JobSettings(2, Duration.ofSeconds(60), Duration.ofHours(1), true);
    JobQueue queue = queue("here", clock, inMemory);
    queue.start(this::run);

    String id =
        store.write(
            Deadline.after(SOON), tx -> queue.schedule(tx, "a", RawJson.EMPTY_OBJECT, after(1)));
    assertThatThrownBy(() ->
            store.write(
                Deadline.after(SOON),
                tx -> {
                  queue.schedule(tx, "lost", RawJson.EMPTY_OBJECT, after(1));
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");
    pass(Duration.ofMillis(1));
    queue.runDue();

    await(() -> queue.find(id).orElseThrow().status() == Job.Status.COMPLETED, ran);
    assertThat(ran).containsExactly("a{}#1");
    assertThat(unfinished()).as("in the file, which only has what it had").isEqualTo(1);
    assertThat(kept).isEqualTo("job_1");
  }
}
