package dev.pylon.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;
import dev.pylon.store.StoreError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ErrorResponseTest {
  private final Logger log = Logger.getLogger(ErrorResponse.class.getName());
  private final List<LogRecord> logged = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getMessage().contains("request=r-7")) {
            logged.add(line);
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    log.addHandler(handler);
  }

  @AfterEach
  void stop() {
    log.removeHandler(handler);
  }

  private static String told(Throwable failure) {
    return new String(ErrorResponse.of(failure, "r-7").body(), StandardCharsets.UTF_8);
  }

  private static PylonException refusal(ErrorCode code) {
    return new PylonException(code, "No", new IllegalStateException("relation is gone"));
  }

  @Test
  void whatIsOurMistakeIsInTheLogAndNotInTheAnswer() {
    assertThat(told(new IllegalStateException("relation is gone"))).doesNotContain("relation");
    assertThat(told(refusal(StoreError.QUERY_FAILED))).doesNotContain("relation");

    assertThat(logged)
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line.getThrown()).hasStackTraceContaining("relation is gone"));
  }

  @Test
  void whatIsTheCallersIsNot() {
    told(refusal(StoreError.INVALID_DATA));
    told(new PylonException(StoreError.QUERY_FAILED, "No"));

    assertThat(logged).isEmpty();
  }
}
