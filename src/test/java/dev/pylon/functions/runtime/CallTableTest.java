package dev.pylon.functions.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.functions.runtime.CallTable.Delivery;
import dev.pylon.json.RawJson;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CallTableTest {
  private static final PylonException GONE =
      new PylonException(FunctionError.RUNNER_EXITED, "gone");

  private final CallTable calls = new CallTable();

  /** Writes down what it hears. */
  private static final class Heard implements RunningCall {
    private final String id;
    final List<Object> heard = new ArrayList<>();

    Heard(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public void accept(RuntimeFrame.OfCall frame) {
      heard.add(frame);
    }

    @Override
    public void expire(long nowNanos) {
      heard.add(nowNanos);
    }

    @Override
    public void runtimeLate(long askedNanos, boolean isStuck) {
      heard.add(isStuck);
    }

    @Override
    public void runtimeGone(PylonException refusal) {
      heard.add(refusal);
    }
  }

  private static RuntimeFrame.Return returned(String callId) {
    return new RuntimeFrame.Return(callId, RawJson.NULL);
  }

  @Test
  void aFrameGoesToItsCall() {
    var one = new Heard("c_1");
    var two = new Heard("c_2");
    calls.open(one);
    calls.open(two);

    assertThat(calls.deliver(returned("c_2"))).isEqualTo(Delivery.TAKEN);
    assertThat(one.heard).isEmpty();
    assertThat(two.heard).containsExactly(returned("c_2"));
  }

  @Test
  void aFrameForAnEndedCallIsNotTaken() {
    var call = new Heard("c_1");
    calls.open(call);
    calls.close(call);
    calls.close(call);

    assertThat(calls.deliver(returned("c_1"))).isEqualTo(Delivery.CALL_ENDED);
    assertThat(call.heard).isEmpty();
  }

  @Test
  void anIdIsUsedOnce() {
    calls.open(new Heard("c_1"));

    assertThatThrownBy(() -> calls.open(new Heard("c_1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("c_1");
  }

  @Test
  void aTableThatIsShutTakesNestedCallsOnlyAndIsEmptyWhenTheLastHasEnded() {
    var call = new Heard("c_1");
    var nested = new Heard("c_2");
    calls.open(call);

    calls.shut();

    assertThat(calls.open(new Heard("c_3"))).isFalse();
    assertThat(calls.openNested(nested)).isTrue();
    assertThat(calls.awaitEmpty(Deadline.after(Duration.ofMillis(1)))).isFalse();
    calls.close(nested);
    calls.close(call);
    assertThat(calls.awaitEmpty(Deadline.after(Duration.ofSeconds(1)))).isTrue();
  }

  @Test
  void everyCallHearsOnceThatTheRuntimeIsGoneAndNoneIsTakenAfterwards() {
    var call = new Heard("c_1");
    calls.open(call);

    calls.refuseAll(GONE);
    calls.refuseAll(GONE);

    assertThat(call.heard).containsExactly(GONE);
    assertThat(calls.open(new Heard("c_2"))).isFalse();
    assertThat(calls.openNested(new Heard("c_3"))).isFalse();
  }

  /** The law: a call that was let in while the runtime died has heard of it. */
  @Test
  void noCallIsForgottenInBetween() throws Exception {
    try (var tasks = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 2_000; round++) {
        var table = new CallTable();
        var call = new Heard("c_1");
        var together = new CyclicBarrier(2);
        Callable<Boolean> opening =
            () -> {
              together.await();
              return table.open(call);
            };
        Future<Boolean> open = tasks.submit(opening);
        together.await();
        table.refuseAll(GONE);

        if (open.get()) {
          assertThat(call.heard).as("round %d", round).containsExactly(GONE);
        } else {
          assertThat(call.heard).as("round %d", round).isEmpty();
        }
      }
    }
  }
}
