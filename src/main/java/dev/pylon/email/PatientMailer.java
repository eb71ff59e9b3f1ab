package dev.pylon.email;

import dev.pylon.model.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends a few letters at once and, where one is not taken for the moment, once and once more.
 * Thread-safe.
 */
public final class PatientMailer implements Mailer {
  private static final int AT_ONCE = 16;
  private static final Duration TURN_PATIENCE = Duration.ofSeconds(5);

  private final Mailer mailer;
  private final List<Duration> pauses;
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private final CountDownLatch ending = new CountDownLatch(1);

  /**
   * @param pauses before each further attempt
   */
  public PatientMailer(Mailer mailer, List<Duration> pauses) {
    this.mailer = mailer;
    this.pauses = List.copyOf(pauses);
  }

  /** Whoever waits for the letter waits for a second or two more at most. */
  public static PatientMailer of(Mailer mailer) {
    return new PatientMailer(mailer, List.of(Duration.ofMillis(300), Duration.ofMillis(1_500)));
  }

  @Override
  public void send(Letter letter) {
    try {
      if (!turns.tryAcquire(TURN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new MailException("too many letters are being sent");
      }
      try {
        sendPatiently(letter);
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MailException("interrupted");
    }
  }

  private void sendPatiently(Letter letter) throws InterruptedException {
    for (Duration pause : pauses) {
      boolean last = ending.getCount() == 0;
      try {
        mailer.send(letter);
        return;
      } catch (MailException e) {
        if (!e.isPassing() || last) {
          throw e;
        }
      }
      if (ending.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    mailer.send(letter);
  }

  /** From now on there are no pauses: a letter in one is sent at once, for the last time. */
  public void hurry() {
    ending.countDown();
  }

  /** {@linkplain #hurry Hurries}, and waits for the letters that are on their way. */
  public void close(Deadline deadline) {
    hurry();
    try {
      if (turns.tryAcquire(AT_ONCE, deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
        turns.release(AT_ONCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
