package dev.pylon.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing that can be set, with everything there is to know about it. Declared in {@link
 * Settings}.
 *
 * @param name the environment variable
 * @param flag the command's option, where it has one
 * @param standard the value when nobody says otherwise; null where there is none
 * @param dev the same in dev mode
 * @param byCommand whether {@code dev} holds for the command {@code pylon dev} and not for dev
 *     mode, which {@code serve} may be in too
 * @param unit what a number counts, or empty
 * @param sentence what it does, for the manual
 * @param secret never shown
 */
public record Setting<T>(
    String name,
    @Nullable String flag,
    Kind<T> kind,
    @Nullable T standard,
    @Nullable T dev,
    boolean byCommand,
    String unit,
    String sentence,
    boolean secret) {

  static <T> Setting<T> of(String name, Kind<T> kind, @Nullable T standard, String sentence) {
    return new Setting<>(name, null, kind, standard, standard, false, "", sentence, false);
  }

  Setting<T> flag(String option) {
    return new Setting<>(name, option, kind, standard, dev, byCommand, unit, sentence, secret);
  }

  /** What opens doors follows dev mode. */
  Setting<T> inDevMode(T value) {
    return new Setting<>(name, flag, kind, standard, value, false, unit, sentence, secret);
  }

  /** Addresses and patience follow the command. */
  Setting<T> inDevCommand(T value) {
    return new Setting<>(name, flag, kind, standard, value, true, unit, sentence, secret);
  }

  Setting<T> in(String counted) {
    return new Setting<>(name, flag, kind, standard, dev, byCommand, counted, sentence, secret);
  }

  Setting<T> hidden() {
    return new Setting<>(name, flag, kind, standard, dev, byCommand, unit, sentence, true);
  }

  @Override
  public String toString() {
    return name;
  }
}
