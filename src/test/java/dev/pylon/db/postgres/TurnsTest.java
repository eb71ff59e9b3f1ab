package dev.pylon.db.postgres;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.model.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns(2);

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  private static Deadline now() {
    return Deadline.after(Duration.ZERO);
  }

  private void await(BooleanSupplier condition) {
    Eventually.within(SOON, condition, turns::waiting);
  }

  @Test
  void asManyAsThereAreTurnsGoAtOnce() throws Exception {
    assertThat(turns.take(now())).isTrue();
    assertThat(turns.take(now())).isTrue();
    assertThat(turns.take(now())).isFalse();

    turns.giveBack();

    assertThat(turns.take(now())).isTrue();
  }

  @Test
  void whoIsAloneIsAlone() throws Exception {
    assertThat(turns.takeAll(now())).isTrue();
    assertThat(turns.take(now())).isFalse();
    assertThat(turns.takeAll(now())).isFalse();

    turns.giveBackAll();

    assertThat(turns.take(now())).isTrue();
    assertThat(turns.takeAll(now())).isFalse();
  }

  @Test
  void whoWaitsToBeAloneComesBeforeTheQueue() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    turns.take(now());
    turns.take(now());
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> queued =
          tasks.submit(() -> {
            turns.take(soon());
            order.add("queued");
            return null;
          });
      await(() -> turns.waiting() == 1);
      Future<?> alone =
          tasks.submit(() -> {
            turns.takeAll(soon());
            order.add("alone");
            turns.giveBackAll();
            return null;
          });
      await(() -> turns.waiting() == 2);

      turns.giveBack();
      turns.giveBack();

      alone.get(30, TimeUnit.SECONDS);
      queued.get(30, TimeUnit.SECONDS);
    }
    assertThat(order).containsExactly("alone", "queued");
  }

  @Test
  void whoGivesUpWaitingToBeAloneLetsTheOthersGoOn() throws Exception {
    turns.take(now());
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> alone =
          tasks.submit(() -> turns.takeAll(Deadline.after(Duration.ofMillis(50))));
      await(() -> turns.waiting() == 1 || alone.isDone());
      Future<Boolean> queued = tasks.submit(() -> turns.take(soon()));

      assertThat(alone.get(30, TimeUnit.SECONDS)).isFalse();
      assertThat(queued.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whoIsInterruptedLeavesNoTurnBehind() throws Exception {
    turns.take(now());
    turns.take(now());
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> waiting = tasks.submit(() -> turns.take(soon()));
      await(() -> turns.waiting() == 1);

      waiting.cancel(true);
      await(() -> turns.waiting() == 0);
    }
    turns.giveBack();
    turns.giveBack();
    assertThat(turns.takeAll(now())).isTrue();
  }
}
