package dev.pylon.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that nearly all JSON is, and gives up where it meets anything else: a mistake, a
 * number beyond 18 digits or with an exponent, text that is not UTF-8, depth. What it gives up is
 * read again by the library, which alone decides what is accepted and says what is wrong; so this
 * may know less than it, but nothing else.
 *
 * <p>There is a reason to read twice what could be read once: the library's first parser
 * initialises {@link java.math.BigDecimal}, and with it the JDK multiplies numbers of 150,000 bits.
 * That takes 5 to 15 ms, which is a sixth of what a short command takes altogether. Used by one
 * thread.
 */
final class PlainJson {
  /** What {@link #read} returns where it gave up. */
  static final Object NOT_PLAIN = new Object();

  /** Well below what {@link Json} accepts. */
  private static final int DEPTH_MAX = 64;

  /** As many digits always fit into a long. */
  private static final int DIGITS_MAX = 18;

  /** Longer names are for the library, which has a limit of its own. */
  private static final int NAME_CHARS_MAX = 10_000;

  /** In a shorter text no string is too long for the library. */
  private static final int BYTES_MAX = 64 * 1024 * 1024;

  /** What {@link #next} returns behind the last byte: none that a byte can be, which has a sign. */
  private static final int END = 256;

  private final byte[] text;
  private final int end;
  private int at;
  private int depth;

  private PlainJson(byte[] text, int from, int end) {
    this.text = text;
    this.at = from;
    this.end = end;
  }

  /** The one value in {@code utf8}, or {@link #NOT_PLAIN}. */
  static @Nullable Object read(byte[] utf8) {
    if (utf8.length > BYTES_MAX) {
      return NOT_PLAIN;
    }
    var reader = new PlainJson(utf8, 0, utf8.length);
    Object value = reader.value();
    return value == NOT_PLAIN || reader.next() != END ? NOT_PLAIN : value;
  }

  /** Whether {@code utf8} is one value, and nothing in it is for the library. */
  static boolean isPlain(byte[] utf8) {
    var reader = new PlainJson(utf8, 0, utf8.length);
    return utf8.length <= BYTES_MAX && reader.passesValue() && reader.next() == END;
  }

  /**
   * The members of the one object between {@code from} and {@code end}, scalars as values and
   * structures as {@link RawJson}; null where it gave up.
   */
  static @Nullable Map<String, @Nullable Object> members(byte[] utf8, int from, int end) {
    var reader = new PlainJson(utf8, from, end);
    if (end - from > BYTES_MAX || reader.next() != '{') {
      return null;
    }
    var members = new HashMap<String, @Nullable Object>(16);
    boolean read = reader.passes('}', () -> reader.readsMember(members, reader::scalarOrText));
    return read && reader.next() == END ? members : null;
  }

  /**
   * The name and text of the first member that is a text and {@code wanted}, or null where none is;
   * {@link #NOT_PLAIN} where it gave up. What stands behind that member is not looked at.
   */
  static @Nullable Object firstText(byte[] utf8, BiPredicate<String, String> wanted) {
    var reader = new PlainJson(utf8, 0, utf8.length);
    if (utf8.length > BYTES_MAX || !reader.takes('{')) {
      return NOT_PLAIN;
    }
    if (reader.takes('}')) {
      return null;
    }
    do {
      if (!(reader.name() instanceof String name)) {
        return NOT_PLAIN;
      }
      Object value = reader.next() == '"' ? reader.string() : reader.passesValue();
      if (value == NOT_PLAIN || Boolean.FALSE.equals(value)) {
        return NOT_PLAIN;
      }
      if (value instanceof String found && wanted.test(name, found)) {
        return Map.entry(name, found);
      }
    } while (reader.takes(','));
    return reader.takes('}') ? null : NOT_PLAIN;
  }

  /** Passes over spaces; the byte that stands there, which is not taken. */
  private int next() {
    while (at < end) {
      byte b = text[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
      at++;
    }
    return END;
  }

  private @Nullable Object value() {
    return switch (next()) {
      case '"' -> string();
      case '{' -> object();
      case '[' -> array();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", null);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> NOT_PLAIN;
    };
  }

  /** A scalar's value, the text of a structure, or {@link #NOT_PLAIN}. */
  private @Nullable Object scalarOrText() {
    int first = next();
    if (first != '{' && first != '[') {
      return value();
    }
    int from = at;
    return passesValue() ? RawJson.of(text, from, at) : NOT_PLAIN;
  }

  // ---- without making anything of it ----

  /** Passes over the value that stands here; false where it gave up. */
  private boolean passesValue() {
    return switch (next()) {
      case '"' -> passesString();
      case '{' -> passes('}', this::passesMember);
      case '[' -> passes(']', this::passesValue);
      default -> value() != NOT_PLAIN;
    };
  }

  private boolean passesMember() {
    int from = at;
    return next() == '"'
        && passesString()
        && at - from <= NAME_CHARS_MAX
        && takes(':')
        && passesValue();
  }

  /** Over an ASCII text without anything escaped; others are read. */
  private boolean passesString() {
    for (int i = at + 1; i < end; i++) {
      byte b = text[i];
      if (b == '"') {
        at = i + 1;
        return true;
      }
      if (b < ' ' || b == '\\') {
        return string() != NOT_PLAIN;
      }
    }
    return false;
  }

  // ---- making values ----

  private @Nullable Object literal(String word, @Nullable Object meaning) {
    int to = at + word.length();
    if (to > end || to < end && isLetter(text[to])) {
      return NOT_PLAIN;
    }
    for (int i = 1; i < word.length(); i++) {
      if (text[at + i] != word.charAt(i)) {
        return NOT_PLAIN;
      }
    }
    at = to;
    return meaning;
  }

  private static boolean isLetter(byte b) {
    return b < 0 || Character.isLetterOrDigit(b) || b == '_' || b == '$';
  }

  private Object object() {
    var object = new LinkedHashMap<String, @Nullable Object>();
    return passes('}', () -> readsMember(object, this::value)) ? object : NOT_PLAIN;
  }

  private boolean readsMember(
      Map<String, @Nullable Object> object, Supplier<@Nullable Object> reader) {
    if (!(name() instanceof String name)) {
      return false;
    }
    Object value = reader.get();
    object.put(name, value);
    return value != NOT_PLAIN;
  }

  /** The name of a member, its colon taken as well, or {@link #NOT_PLAIN}. */
  private Object name() {
    Object name = next() == '"' ? string() : NOT_PLAIN;
    return name instanceof String text && text.length() <= NAME_CHARS_MAX && takes(':')
        ? name
        : NOT_PLAIN;
  }

  private Object array() {
    var array = new ArrayList<@Nullable Object>();
    return passes(']', () -> readsItem(array)) ? array : NOT_PLAIN;
  }

  private boolean readsItem(List<@Nullable Object> array) {
    Object value = value();
    array.add(value);
    return value != NOT_PLAIN;
  }

  /**
   * Passes over a structure whose bracket stands here; false where it gave up.
   *
   * @param part passes over what stands between two commas; false where it gave up
   */
  private boolean passes(char close, BooleanSupplier part) {
    if (!opens()) {
      return false;
    }
    if (!takes(close)) {
      do {
        if (!part.getAsBoolean()) {
          return false;
        }
      } while (takes(','));
      if (!takes(close)) {
        return false;
      }
    }
    depth--;
    return true;
  }

  /** Takes the bracket that stands here; false where it is one too deep. */
  private boolean opens() {
    at++;
    return ++depth <= DEPTH_MAX;
  }

  /** Takes {@code wanted} where it stands next. */
  private boolean takes(char wanted) {
    if (next() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  /** A text, or {@link #NOT_PLAIN}. */
  private Object string() {
    int from = ++at;
    boolean ascii = true;
    boolean escaped = false;
    int i = from;
    for (; i < end && text[i] != '"'; i++) {
      byte b = text[i];
      if (b == '\\') {
        escaped = true;
        i++; // whatever follows does not end the text
      } else if (b < ' ') {
        if (b >= 0) {
          return NOT_PLAIN;
        }
        ascii = false;
      }
    }
    if (i >= end) {
      return NOT_PLAIN;
    }
    at = i + 1;
    String raw =
        new String(
            text, from, i - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    if (!ascii && raw.indexOf('\uFFFD') >= 0) {
      return NOT_PLAIN; // perhaps written so, perhaps the mark of what is not UTF-8
    }
    return escaped ? unescaped(raw) : raw;
  }

  private static Object unescaped(String raw) {
    var plain = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      i++;
      switch (raw.charAt(i)) {
        case '"', '\\', '/' -> plain.append(raw.charAt(i));
        case 'b' -> plain.append('\b');
        case 'f' -> plain.append('\f');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case 't' -> plain.append('\t');
        case 'u' -> {
          int code = code(raw, i + 1);
          if (code < 0) {
            return NOT_PLAIN;
          }
          plain.append((char) code);
          i += 4;
        }
        default -> {
          return NOT_PLAIN;
        }
      }
    }
    return plain.toString();
  }

  /** The number that four hexadecimal digits name, or -1 where there are none. */
  private static int code(String raw, int from) {
    int code = 0;
    for (int i = from; i < from + 4; i++) {
      int digit =
          i < raw.length() && raw.charAt(i) < 0x80 ? Character.digit(raw.charAt(i), 16) : -1;
      if (digit < 0) {
        return -1;
      }
      code = code * 16 + digit;
    }
    return code;
  }

  private Object number() {
    int from = at;
    boolean negative = text[at] == '-';
    if (negative) {
      at++;
    }
    int digitsFrom = at;
    long whole = digits();
    int digits = at - digitsFrom;
    boolean leadingZero = digits > 1 && text[digitsFrom] == '0';
    if (digits == 0 || digits > DIGITS_MAX || leadingZero) {
      return NOT_PLAIN;
    }
    if (at < end && text[at] == '.') {
      int fractionFrom = ++at;
      digits();
      int fractionDigits = at - fractionFrom;
      if (fractionDigits == 0 || fractionDigits > DIGITS_MAX || isNumberGoingOn()) {
        return NOT_PLAIN;
      }
      return Double.valueOf(new String(text, from, at - from, StandardCharsets.ISO_8859_1));
    }
    return isNumberGoingOn() ? NOT_PLAIN : (Long) (negative ? -whole : whole);
  }

  /** Takes the digits that stand here; their value, where there are at most 18 of them. */
  private long digits() {
    long number = 0;
    for (; at < end && text[at] >= '0' && text[at] <= '9'; at++) {
      number = number * 10 + (text[at] - '0');
    }
    return number;
  }

  /** An exponent, a second point, or letters that belong to nothing. */
  private boolean isNumberGoingOn() {
    return at < end && (isLetter(text[at]) || text[at] == '.');
  }
}
