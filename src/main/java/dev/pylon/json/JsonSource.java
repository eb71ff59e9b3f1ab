package dev.pylon.json;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;

/**
 * JSON that is read as it comes, because it is too long to be held: whoever reads steps into what
 * is long, and takes what is short as a value. Several values may follow each other, as lines do.
 *
 * <p>Every method throws {@link JsonException} where the text is not JSON in UTF-8, and {@link
 * UncheckedIOException} where it cannot be read. Used by one thread.
 */
public final class JsonSource {
  private final Bounded text;
  private final JsonParser parser;

  /**
   * @param utf8 which it neither opens nor closes
   * @param valueCharsMax the longest value that is taken whole
   */
  public JsonSource(InputStream utf8, long valueCharsMax) {
    // A decoder of our own: the parser lets overlong forms pass.
    this.text =
        new Bounded(
            new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder()), valueCharsMax);
    this.parser = Json.parser(text);
  }

  /** Counts what is read since it was told to count anew. */
  private static final class Bounded extends FilterReader {
    private final long charsMax;
    private long chars;

    Bounded(Reader in, long charsMax) {
      super(in);
      this.charsMax = charsMax;
    }

    @Override
    public int read() throws IOException {
      throw new UnsupportedOperationException("the parser reads into arrays");
    }

    @Override
    public int read(char[] into, int from, int length) throws IOException {
      if (chars > charsMax) {
        throw new JsonException("a value takes up to %d characters".formatted(charsMax));
      }
      int read = super.read(into, from, length);
      chars += read;
      return read;
    }
  }

  /** Goes to the next value of the text, or of the array that was entered; false at its end. */
  public boolean next() {
    JsonToken token = step();
    return token != null && token != JsonToken.END_ARRAY;
  }

  /** Goes to the value of the next member of the object that was entered; null at its end. */
  public @Nullable String nextName() {
    if (step() == JsonToken.END_OBJECT) {
      return null;
    }
    String name = parser.currentName();
    step();
    return name;
  }

  /** Enters the value, where it is an object. */
  public boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /** Enters the value, where it is an array. */
  public boolean isArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  /** Takes the value whole. */
  public @Nullable Object value() {
    text.chars = 0;
    return read(() -> Json.value(parser));
  }

  /** Passes the value over, however long it is. */
  public void skip() {
    int depth = 0;
    JsonToken token = parser.currentToken();
    while (token != null) {
      text.chars = 0;
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (depth == 0) {
        return;
      }
      token = step();
    }
  }

  /** Where the value begins: its line, from 1. */
  public long line() {
    return parser.currentTokenLocation().getLineNr();
  }

  /** Where reading has come to: its line, from 1. */
  public long lineReached() {
    return parser.currentLocation().getLineNr();
  }

  private @Nullable JsonToken step() {
    text.chars = 0;
    return this.<@Nullable JsonToken>read(parser::nextToken);
  }

  @FunctionalInterface
  private interface Reading<R extends @Nullable Object> {
    R read();
  }

  private <R extends @Nullable Object> R read(Reading<R> reading) {
    try {
      return reading.read();
    } catch (JacksonIOException e) {
      if (e.getCause() instanceof CharacterCodingException cause) {
        throw new JsonException("the text is not UTF-8", cause);
      }
      throw new UncheckedIOException(
          e.getCause() instanceof IOException cause ? cause : new IOException(e));
    } catch (JacksonException e) {
      throw Json.refusal(e);
    }
  }
}
