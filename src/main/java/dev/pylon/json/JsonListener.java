package dev.pylon.json;

/** Hears the pieces of a JSON value in their order. */
public interface JsonListener {
  /** An object or an array begins: <code>{</code> or {@code [}. */
  void begin(char bracket);

  void end(char bracket);

  /** The name of the member whose value comes next. */
  void name(String name);

  void string(String text);

  /** A number as it was written, {@code true}, {@code false} or {@code null}. */
  void literal(String text);
}
