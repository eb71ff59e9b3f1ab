package dev.pylon.boot;

import static java.util.Objects.requireNonNull;

import dev.pylon.config.Config;
import dev.pylon.config.EmailConfig;
import dev.pylon.email.HttpMailer;
import dev.pylon.email.Letter;
import dev.pylon.email.Mailer;
import dev.pylon.email.PatientMailer;
import dev.pylon.email.Provider;
import dev.pylon.email.smtp.SmtpMailer;
import dev.pylon.email.smtp.SmtpMailer.Security;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.model.Deadline;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How letters leave: in dev mode they are read in the terminal as well. Thread-safe. */
final class Mail implements Mailer {
  private final @Nullable RuntimeListener terminal;
  private final @Nullable PatientMailer outside;

  private Mail(@Nullable RuntimeListener terminal, @Nullable PatientMailer outside) {
    this.terminal = terminal;
    this.outside = outside;
  }

  static Mail of(Config config, RuntimeListener terminal, InstantSource clock) {
    boolean leaves = config.email().provider() != null;
    return new Mail(
        config.http().devMode() ? terminal : null,
        leaves ? PatientMailer.of(outside(config.email(), clock)) : null);
  }

  @Override
  public void send(Letter letter) {
    if (terminal != null) {
      terminal.log(
          "info", "letter to %s: %s%n%s".formatted(letter.to(), letter.subject(), letter.text()));
    }
    if (outside != null) {
      outside.send(letter);
    } else if (terminal == null) {
      Mailer.NONE.send(letter);
    }
  }

  /** From now on no letter waits to be sent again. */
  void hurry() {
    if (outside != null) {
      outside.hurry();
    }
  }

  /** Waits for the letters that are on their way. */
  void close(Deadline deadline) {
    if (outside != null) {
      outside.close(deadline);
    }
  }

  private static Mailer outside(EmailConfig email, InstantSource clock) {
    String provider = email.provider();
    EmailConfig.Smtp smtp = email.smtp();
    if (smtp != null) {
      return new LateSmtp(smtp, email.from(), clock);
    }
    Provider known = Provider.called(requireNonNull(provider));
    return new HttpMailer(
        known,
        known == Provider.WEBHOOK ? requireNonNull(email.endpoint()) : known.endpoint(),
        requireNonNull(email.apiKey()),
        email.from());
  }

  /** Loads the library with the first letter: many servers never send one. */
  private static final class LateSmtp implements Mailer {
    private final EmailConfig.Smtp smtp;
    private final String from;
    private final InstantSource clock;
    private volatile @Nullable Mailer made;

    LateSmtp(EmailConfig.Smtp smtp, String from, InstantSource clock) {
      this.smtp = smtp;
      this.from = from;
      this.clock = clock;
    }

    @Override
    public void send(Letter letter) {
      Mailer mailer = made;
      if (mailer == null) {
        mailer =
            new SmtpMailer(
                new SmtpMailer.Server(
                    smtp.host(),
                    smtp.port(),
                    Security.valueOf(smtp.security().toUpperCase(Locale.ROOT)),
                    smtp.user(),
                    smtp.password(),
                    null),
                from,
                clock);
        made = mailer;
      }
      mailer.send(letter);
    }
  }
}
