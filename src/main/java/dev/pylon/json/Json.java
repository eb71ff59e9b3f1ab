package dev.pylon.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads and writes JSON as plain values. Thread-safe. */
public final class Json {
  /** Levels of nesting accepted (data contract, 0): deeper input is refused. */
  private static final int DEPTH_MAX = 128;

  /**
   * Longest string accepted, in characters; a body is at most 10 MiB, a frame or an import may be
   * larger.
   */
  private static final int STRING_CHARS_MAX = 64 * 1024 * 1024;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(STRING_CHARS_MAX)
                  .build())
          .build();

  private Json() {}

  /**
   * The one value in {@code utf8}.
   *
   * @throws JsonException where the text is not exactly one JSON value
   */
  public static @Nullable Object parse(byte[] utf8) {
    Object plain = PlainJson.read(utf8);
    return plain == PlainJson.NOT_PLAIN ? parseByLibrary(utf8) : plain;
  }

  /** The same without {@link PlainJson}, which must not differ. */
  static @Nullable Object parseByLibrary(byte[] utf8) {
    try (JsonParser parser = parser(utf8)) {
      parser.nextToken();
      Object value = value(parser);
      requireEnd(parser);
      return value;
    } catch (JacksonException e) {
      throw refusal(e);
    }
  }

  /**
   * The same for what strangers sent, which must be UTF-8 without a mark.
   *
   * @throws JsonException where it is not
   */
  public static @Nullable Object parseUtf8(byte[] body) {
    requirePlainUtf8(body);
    return parse(body);
  }

  /** The one value in {@code text}. */
  public static @Nullable Object parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The one value in {@code utf8}, which must be an object.
   *
   * @throws JsonException where it is something else
   */
  public static Map<String, @Nullable Object> parseObject(byte[] utf8) {
    if (parse(utf8) instanceof Map<?, ?> map) {
      return asObject(map);
    }
    throw new JsonException("expected a JSON object");
  }

  /** What {@link #parse} read as an object. */
  @SuppressWarnings("unchecked") // the parser puts nothing but strings as keys
  public static Map<String, @Nullable Object> asObject(Map<?, ?> parsed) {
    return (Map<String, @Nullable Object>) parsed;
  }

  /**
   * Checks that {@code utf8} is exactly one value and gives it back as one line. The text keeps its
   * order, its numbers and its spaces; only line breaks, which JSON allows nowhere but between
   * tokens, become spaces.
   *
   * @throws JsonException where the text is not exactly one JSON value
   */
  public static RawJson check(byte[] utf8) {
    if (!PlainJson.isPlain(utf8)) {
      checkByLibrary(utf8);
    }
    return RawJson.trusted(oneLine(utf8));
  }

  /** The same without {@link PlainJson}, which must not differ. */
  static void checkByLibrary(byte[] utf8) {
    try (JsonParser parser = parser(utf8)) {
      if (parser.nextToken() == null) {
        throw new JsonException("expected a JSON value, found nothing");
      }
      parser.skipChildren();
      requireEnd(parser);
    } catch (JacksonException e) {
      throw refusal(e);
    }
  }

  /**
   * The members of the one object in a part of {@code utf8}: scalars as values, structures as they
   * stand there, as {@link RawJson}.
   *
   * @throws JsonException where there is not exactly one object
   */
  public static Map<String, @Nullable Object> members(byte[] utf8, int from, int length) {
    Map<String, @Nullable Object> plain = PlainJson.members(utf8, from, from + length);
    return plain == null ? membersByLibrary(utf8, from, length) : plain;
  }

  /** The same without {@link PlainJson}, which must not differ. */
  static Map<String, @Nullable Object> membersByLibrary(byte[] utf8, int from, int length) {
    var members = new HashMap<String, @Nullable Object>(16);
    try (JsonParser parser = parser(utf8, from, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonException("expected a JSON object");
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
          int start = from + (int) parser.currentTokenLocation().getByteOffset();
          parser.skipChildren();
          int end = from + (int) parser.currentLocation().getByteOffset();
          members.put(name, RawJson.of(utf8, start, end));
        } else {
          members.put(name, value(parser));
        }
      }
      requireEnd(parser);
    } catch (JacksonException e) {
      throw refusal(e);
    }
    return members;
  }

  private static byte[] oneLine(byte[] utf8) {
    requirePlainUtf8(utf8);
    byte[] line = utf8;
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] == '\n' || utf8[i] == '\r') {
        if (line == utf8) {
          line = utf8.clone();
        }
        line[i] = ' ';
      }
    }
    return line;
  }

  private static void requirePlainUtf8(byte[] utf8) {
    boolean ascii = true;
    for (int i = 0; i < utf8.length; i++) {
      ascii &= utf8[i] >= 0;
      if (utf8[i] == 0 || (utf8[i] == (byte) 0xEF && i == 0)) {
        // UTF-16, UTF-32 and byte order marks, which the parser understands and our peers do not.
        throw new JsonException("expected JSON in UTF-8 without a byte order mark");
      }
    }
    if (!ascii) {
      requireUtf8(utf8);
    }
  }

  /**
   * The parser lets overlong forms pass, and skipped surrogates: they would travel on as they are.
   */
  private static void requireUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new JsonException("the text is not UTF-8", e);
    }
  }

  /** An object of names and values in turn, in this order. The caller may go on adding. */
  public static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return object;
  }

  /** {@code value} as compact JSON text; {@link RawJson} inside it is written as it is. */
  public static String text(@Nullable Object value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  /** {@code value} as compact JSON text in UTF-8. */
  public static byte[] bytes(@Nullable Object value) {
    var out = new ByteArrayOutputStream(128);
    write(out, value);
    return out.toByteArray();
  }

  /** {@code value} as JSON that can be embedded. */
  public static RawJson raw(@Nullable Object value) {
    if (value == null) {
      return RawJson.NULL;
    }
    return value instanceof RawJson raw ? raw : RawJson.trusted(bytes(value));
  }

  /** Writes {@code value} to {@code out}, which stays open. */
  public static void write(OutputStream out, @Nullable Object value) {
    try (JsonGenerator generator = generator(out)) {
      write(generator, value);
    }
  }

  /**
   * Tells the one value in {@code utf8} piece by piece, numbers as they were written.
   *
   * @throws JsonException where the text is not exactly one JSON value; pieces may have been told
   */
  public static void tell(byte[] utf8, JsonListener listener) {
    try (JsonParser parser = parser(utf8)) {
      int depth = 0;
      do {
        JsonToken token = parser.nextToken();
        if (token == null) {
          throw new JsonException("expected a JSON value, found nothing");
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        tell(token, parser, listener);
      } while (depth > 0);
      requireEnd(parser);
    } catch (JacksonException e) {
      throw refusal(e);
    }
  }

  private static void tell(JsonToken token, JsonParser parser, JsonListener listener) {
    switch (token) {
      case START_OBJECT -> listener.begin('{');
      case END_OBJECT -> listener.end('}');
      case START_ARRAY -> listener.begin('[');
      case END_ARRAY -> listener.end(']');
      case PROPERTY_NAME -> listener.name(parser.getString());
      case VALUE_STRING -> listener.string(parser.getString());
      default -> listener.literal(parser.getString());
    }
  }

  /** A reader of tokens, for codecs. */
  public static JsonParser parser(byte[] utf8) {
    return FACTORY.createParser(ObjectReadContext.empty(), utf8);
  }

  /** A reader of tokens over a part of an array, for codecs. */
  public static JsonParser parser(byte[] utf8, int from, int length) {
    return FACTORY.createParser(ObjectReadContext.empty(), utf8, from, length);
  }

  /** A reader of tokens over text that comes bit by bit. */
  static JsonParser parser(Reader text) {
    return FACTORY.createParser(ObjectReadContext.empty(), text);
  }

  /** A writer of tokens, for codecs. Closing it leaves {@code out} open. */
  public static JsonGenerator generator(OutputStream out) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), new Unclosed(out));
  }

  /**
   * Writes one value. NaN and infinities, which JSON lacks, become null.
   *
   * <p>A chain of tests, not a switch over patterns: linking such a switch takes a short command
   * several milliseconds, because no ahead-of-time cache keeps it.
   */
  public static void write(JsonGenerator out, @Nullable Object value) {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Long number) {
      out.writeNumber(number.longValue());
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof RawJson raw) {
      out.writeRawValue(new Utf8Text(raw.bytes()));
    } else if (value instanceof Map<?, ?> map) {
      writeObject(out, map);
    } else if (value instanceof Iterable<?> items) {
      writeArray(out, items);
    } else if (value instanceof Number number) {
      writeNumber(out, number);
    } else {
      throw new IllegalArgumentException("no JSON form for " + value.getClass().getName());
    }
  }

  private static void writeNumber(JsonGenerator out, Number value) {
    if (value instanceof Double number) {
      if (Double.isFinite(number)) {
        out.writeNumber(number.doubleValue());
      } else {
        out.writeNull();
      }
    } else if (value instanceof Integer number) {
      out.writeNumber(number.intValue());
    } else if (value instanceof BigInteger number) {
      out.writeNumber(number);
    } else if (value instanceof BigDecimal number) {
      out.writeNumber(number);
    } else {
      throw new IllegalArgumentException("no JSON form for " + value.getClass().getName());
    }
  }

  private static void writeObject(JsonGenerator out, Map<?, ?> map) {
    out.writeStartObject();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      out.writeName((String) member.getKey());
      write(out, member.getValue());
    }
    out.writeEndObject();
  }

  private static void writeArray(JsonGenerator out, Iterable<?> items) {
    out.writeStartArray();
    for (Object item : items) {
      write(out, item);
    }
    out.writeEndArray();
  }

  /** The value that starts at the parser's current token; leaves the parser on its last token. */
  public static @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new JsonException("expected a JSON value, found nothing");
    }
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new JsonException("expected a JSON value, found " + token);
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      object.put(name, value(parser));
    }
    return object;
  }

  private static List<@Nullable Object> array(JsonParser parser) {
    var array = new ArrayList<@Nullable Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  private static Number integer(JsonParser parser) {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? parser.getBigIntegerValue()
        : (Number) parser.getLongValue();
  }

  private static void requireEnd(JsonParser parser) {
    if (parser.nextToken() != null) {
      throw new JsonException("text after the end of the JSON value");
    }
  }

  /** What is wrong with a text, in words for whoever wrote it. */
  public static JsonException refusal(JacksonException e) {
    // The parser would say where that was, and has been told not to keep it; and it names the
    // methods of its own that hold its bounds.
    String message =
        String.valueOf(e.getOriginalMessage())
            .replaceAll(" \\(start marker at \\[Source: .*?]\\)", "")
            .replaceAll(" \\((\\d+), from `.*?`\\)", " ($1)");
    return new JsonException(message, e);
  }
}
