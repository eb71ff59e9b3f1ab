/**
 * Letters to a mail server.
 *
 * <p>Enter by {@link dev.pylon.email.smtp.SmtpMailer}. The one place that knows the library, which
 * is loaded with the first letter. Keeps RFC 5321, with TLS by RFC 3207 and RFC 8314.
 */
@NullMarked
package dev.pylon.email.smtp;

import org.jspecify.annotations.NullMarked;
