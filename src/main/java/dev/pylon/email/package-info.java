/**
 * Letters to people.
 *
 * <p>Enter by {@link dev.pylon.email.Mailer}, which says what a way to send them must do; who
 * assembles the server chooses one: {@link dev.pylon.email.HttpMailer} or {@code
 * email.smtp.SmtpMailer}, behind {@link dev.pylon.email.PatientMailer}. No letter is ever written
 * to a log.
 */
@NullMarked
package dev.pylon.email;

import org.jspecify.annotations.NullMarked;
