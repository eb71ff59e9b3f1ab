package dev.pylon.auth;

import dev.pylon.email.Template;
import java.util.Map;

/** The letters we write, and what they say unless the operator chose other words. */
enum LetterKind {
  MAGIC_CODE("Your sign-in code", "Your sign-in code is: {{code}}\n\nIt expires in 10 minutes."),
  MAGIC_LINK(
      "Sign in to your account",
      """
      Open this link to sign in:

      {{url}}

      It expires in 15 minutes and is good once. If you did not ask for it, ignore this letter.\
      """),
  PASSWORD_RESET(
      "Reset your password",
      """
      Open this link to choose a new password:

      {{url}}

      It expires in 30 minutes. If you did not ask for it, ignore this letter.\
      """),
  EMAIL_CHANGE(
      "Confirm your email change",
      """
      Open this link to use this address from now on:

      {{url}}

      It expires in 24 hours. If you did not ask for it, ignore this letter.\
      """),
  ORG_INVITE(
      "You've been invited to {{org_name}}",
      """
      You've been invited to join {{org_name}}. Open this link to accept:

      {{url}}

      It expires in 7 days. If you do not know who invited you, ignore this letter.\
      """),
  VERIFICATION(
      "Verify your email address",
      "Your verification code is: {{code}}\n\nIt expires in 10 minutes."),
  EMAIL_CHANGED(
      "Your email address was changed",
      """
      Your account has another address from now on: {{email}}

      If it was not you who changed it, get in touch with whoever runs the application.\
      """);

  private final Template ours;

  LetterKind(String subject, String text) {
    this.ours = new Template(subject, text);
  }

  /**
   * @param chosen the operator's words, under names such as {@code MAGIC_CODE_SUBJECT}
   */
  Template template(Map<String, String> chosen) {
    return new Template(
        chosen.getOrDefault(name() + "_SUBJECT", ours.subject()),
        chosen.getOrDefault(name() + "_BODY", ours.text()));
  }
}
