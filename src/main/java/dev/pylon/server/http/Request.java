package dev.pylon.server.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request, read completely; but for those whose body is read while it comes.
 *
 * @param method in upper case
 * @param path as it was sent, without the query; whoever takes a segment decodes it
 * @param target path and query as they were sent
 * @param query parameters, percent-decoded, in the order they came
 * @param header the value of a header by its name in any case, null where it is absent
 * @param headers all of them, names in lower case, repeated ones joined with a comma
 * @param body empty where it is {@code arriving}
 * @param arriving the body of a request that is answered while it comes
 * @param id the caller's {@code X-Request-Id}, or one we made
 */
public record Request(
    String method,
    String path,
    String target,
    Map<String, List<String>> query,
    Function<String, @Nullable String> header,
    Supplier<Map<String, String>> headers,
    byte[] body,
    @Nullable InputStream arriving,
    InetAddress peer,
    String id) {

  /** The same with its body, which is read when the head was. */
  public Request with(byte[] read) {
    return new Request(method, path, target, query, header, headers, read, null, peer, id);
  }

  /** The same with its body, which is yet to come. */
  public Request with(InputStream arriving) {
    return new Request(method, path, target, query, header, headers, body, arriving, peer, id);
  }

  /** The body from its beginning, for who reads it once. */
  public InputStream content() {
    return arriving == null ? new ByteArrayInputStream(body) : arriving;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(header.apply(name));
  }

  /** The first value of a query parameter. */
  public Optional<String> parameter(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }

  /** The token of {@code Authorization: Bearer …}. */
  public @Nullable String bearer() {
    String value = header.apply("Authorization");
    return value != null && value.regionMatches(true, 0, "Bearer ", 0, 7)
        ? value.substring(7).strip()
        : null;
  }

  /** Whether the request accepts {@code type}, which may stand anywhere in the header. */
  public boolean accepts(String type) {
    String accept = header.apply("Accept");
    return accept != null && accept.contains(type);
  }
}
