package dev.pylon.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One connection, and what goes over it byte for byte: a test says exactly what it sends. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** An answer, its body put together from its chunks. */
  record Reply(int status, List<String> headers, byte[] bytes) {
    String body() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    Optional<String> header(String name) {
      return headers(name).stream().findFirst();
    }

    /** Each value of a header that was sent more than once. */
    List<String> headers(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }
  }

  RawClient(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    this.socket.setSoTimeout(15_000);
    // A body must not wait until the head has been heard of.
    this.socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
  }

  /** Lines are broken as HTTP wants them; the text is sent as it is otherwise. */
  void send(String text) throws IOException {
    socket
        .getOutputStream()
        .write(text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends a whole request. {@code headers} end in line breaks. */
  Reply request(String method, String path, String headers, byte[] body) throws IOException {
    send(
        "%s %s HTTP/1.1\nHost: localhost\n%sContent-Length: %d\n\n"
            .formatted(method, path, headers, body.length));
    send(body);
    return reply(method.equals("HEAD"));
  }

  Reply request(String method, String path, String headers, String body) throws IOException {
    return request(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The next answer. */
  Reply reply() throws IOException {
    return reply(false);
  }

  private Reply reply(boolean withoutBody) throws IOException {
    String status = line();
    var headers = new ArrayList<String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      headers.add(line);
    }
    var head = new Reply(Integer.parseInt(status.split(" ")[1]), headers, new byte[0]);
    return withoutBody || head.status() == 204
        ? head
        : new Reply(head.status(), headers, body(head));
  }

  private byte[] body(Reply head) throws IOException {
    if (head.header("Transfer-Encoding").filter("chunked"::equals).isPresent()) {
      var body = new ByteArrayOutputStream();
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        body.write(exactly(size));
        line();
      }
      line();
      return body.toByteArray();
    }
    return exactly(head.header("Content-Length").map(Integer::parseInt).orElse(0));
  }

  /** Reads on in a streamed answer until it has brought {@code text}; what came so far. */
  String readUntil(String text) throws IOException {
    var read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended before \"" + text + "\": " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /** How many bytes still come until the other side closes. */
  int readToEnd() throws IOException {
    try {
      return in.readAllBytes().length;
    } catch (SocketException e) {
      // Closed with a reset: what had come was dropped.
      return 0;
    }
  }

  /** Whether the other side has closed. */
  boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the body ended after " + bytes.length + " of " + size + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended in: " + line);
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
