package dev.pylon.auth;

import dev.pylon.email.MailException;
import dev.pylon.email.Mailer;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The letters that signing in needs (services contract, 7.2). Every method throws {@link
 * AuthError#EMAIL_SEND_FAILED} where nobody took the letter. Thread-safe.
 */
final class Letters {
  private static final System.Logger LOG = System.getLogger(Letters.class.getName());

  /** Letters under way that nobody waits for. Who asks while so many are gets none. */
  private static final int AT_ONCE = 64;

  private final Mailer mailer;
  private final Settings settings;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final ExecutorService tasks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("letter-", 0).factory());

  /**
   * @param publicUrl what links begin with; empty for links that lead nowhere but to their host
   * @param words other words for letters, under names such as {@code MAGIC_CODE_SUBJECT}
   */
  record Settings(String publicUrl, Map<String, String> words) {}

  Letters(Mailer mailer, Settings settings) {
    this.mailer = mailer;
    this.settings = settings;
  }

  void signInCode(String email, String code) {
    send(LetterKind.MAGIC_CODE, email, Map.of("code", code));
  }

  void verificationCode(String email, String code) {
    send(LetterKind.VERIFICATION, email, Map.of("code", code));
  }

  void signInLink(String email, String token) {
    link(LetterKind.MAGIC_LINK, email, "/api/auth/magic-link/verify?token=" + token);
  }

  void passwordReset(String email, String token) {
    link(LetterKind.PASSWORD_RESET, email, "/reset-password?token=" + token);
  }

  void emailChange(String email, String token) {
    link(LetterKind.EMAIL_CHANGE, email, "/email-change/confirm?token=" + token);
  }

  /** To the address that was given up. */
  void emailChanged(String before, String now) {
    send(LetterKind.EMAIL_CHANGED, before, Map.of("email", now));
  }

  void invitation(String email, String orgName, String token) {
    send(LetterKind.ORG_INVITE, email, Map.of("org_name", orgName, "url", invitationUrl(token)));
  }

  /** Where an invitation is accepted. */
  String invitationUrl(String token) {
    return settings.publicUrl() + "/api/auth/invites/" + token + "/accept";
  }

  private void link(LetterKind kind, String email, String path) {
    send(kind, email, Map.of("url", settings.publicUrl() + path));
  }

  private void send(LetterKind kind, String email, Map<String, String> values) {
    try {
      mailer.send(kind.template(settings.words()).letter(email, values));
    } catch (MailException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a letter was not sent to={0} reason={1}",
          Users.redacted(email),
          e.getMessage());
      throw new PylonException(AuthError.EMAIL_SEND_FAILED, "The e-mail could not be sent", e);
    }
  }

  /**
   * Runs {@code work}, which may send a letter, when whoever asked has their answer: neither the
   * answer nor the time it takes tells then whether there was somebody to write to.
   */
  void later(Runnable work) {
    if (!free.tryAcquire()) {
      LOG.log(System.Logger.Level.WARNING, "too many letters at once, one was not sent");
      return;
    }
    tasks.execute(() -> {
      try {
        work.run();
      } catch (PylonException e) {
        // Nobody waits for it; whoever asked may ask again. What became of a letter is in the log.
        LOG.log(System.Logger.Level.DEBUG, "a letter was not sent code={0}", e.code().name());
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "a letter was not sent", e);
      } finally {
        free.release();
      }
    });
  }

  /** Waits for the letters under way; what is not sent by {@code deadline} is given up. */
  void close(Deadline deadline) {
    tasks.shutdown();
    try {
      if (!tasks.awaitTermination(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
        tasks.shutdownNow();
      }
    } catch (InterruptedException e) {
      tasks.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
