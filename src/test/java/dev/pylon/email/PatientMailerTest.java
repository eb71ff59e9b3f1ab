package dev.pylon.email;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.Eventually;
import dev.pylon.model.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatientMailerTest {
  private static final Letter LETTER = new Letter("ann@example.com", "subject", "text");

  private final AtomicInteger attempts = new AtomicInteger();

  private PatientMailer mailer(int failures, MailException failure, Duration pause) {
    return new PatientMailer(
        letter -> {
          if (attempts.incrementAndGet() <= failures) {
            throw failure;
          }
        },
        List.of(pause, pause));
  }

  @Test
  void whatIsNotTakenForTheMomentIsSentAgain() {
    mailer(2, MailException.passing("later"), Duration.ZERO).send(LETTER);

    assertThat(attempts).hasValue(3);
  }

  @Test
  void afterThreeAttemptsItIsGivenUp() {
    PatientMailer mailer = mailer(3, MailException.passing("later"), Duration.ZERO);

    assertThatThrownBy(() -> mailer.send(LETTER)).hasMessage("later");
    assertThat(attempts).hasValue(3);
  }

  @Test
  void whatNobodyWillTakeIsSentOnce() {
    PatientMailer mailer = mailer(1, new MailException("never"), Duration.ZERO);

    assertThatThrownBy(() -> mailer.send(LETTER)).hasMessage("never");
    assertThat(attempts).hasValue(1);
  }

  @Test
  void whenTheServerStopsALetterIsSentOnceAndNoMore() {
    PatientMailer mailer = mailer(3, MailException.passing("later"), Duration.ofMinutes(10));
    mailer.hurry();

    assertThatThrownBy(() -> mailer.send(LETTER)).hasMessage("later");
    assertThat(attempts).hasValue(1);
  }

  @Test
  void aLetterInAPauseIsSentBeforeTheServerStops() {
    PatientMailer mailer = mailer(1, MailException.passing("later"), Duration.ofMinutes(10));
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sent = senders.submit(() -> mailer.send(LETTER));
      Eventually.within(SOON, () -> attempts.get() == 1, () -> sent);

      mailer.close(Deadline.after(Duration.ofSeconds(20)));

      assertThat(attempts).hasValue(2);
      assertThat(sent).succeedsWithin(Duration.ofSeconds(20));
    }
  }
}
