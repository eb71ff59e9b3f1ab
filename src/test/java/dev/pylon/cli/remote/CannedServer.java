package dev.pylon.cli.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A server on a free port that answers what it was told, byte for byte, and remembers the
 * questions.
 */
public final class CannedServer implements AutoCloseable {
  static final String INSTANCE = "i_1";

  /** One question. Header names in lower case. */
  public record Asked(String method, String path, Map<String, String> headers, String body) {}

  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Deque<byte[]>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  public CannedServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
    answers("GET /health", json(200, "{\"status\":\"ok\",\"version\":\"0\"}"));
  }

  public String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /**
   * What to answer to a method and a path, with its query or for every query: one after the other,
   * the last one for ever.
   */
  public CannedServer answers(String question, byte[]... inTurn) {
    answers.put(question, new ConcurrentLinkedDeque<>(List.of(inTurn)));
    return this;
  }

  public CannedServer answers(String question, int status, String json) {
    return answers(question, json(status, json));
  }

  public List<Asked> asked() {
    return asked;
  }

  /** Those that were not about health. */
  public List<String> questions() {
    return asked.stream()
        .map(question -> question.method() + " " + question.path())
        .filter(question -> !question.endsWith("/health"))
        .toList();
  }

  /** Puts the file into {@code project} by which commands find this server. */
  public CannedServer announcedIn(Path project) throws IOException {
    Files.createDirectories(project.resolve(".pylon"));
    Files.writeString(
        project.resolve(".pylon/dev.json"),
        """
        {"version":1,"instance":"%s","url":"%s","startedAt":"2026-01-01T00:00:00Z","adminToken":"secret"}\
        """
            .formatted(INSTANCE, url()));
    return this;
  }

  public static byte[] json(int status, String body, String... headers) {
    return reply(status, "application/json", body, headers);
  }

  public static byte[] events(String body, String... headers) {
    return reply(200, "text/event-stream", body, headers);
  }

  private static byte[] reply(int status, String type, String body, String... headers) {
    var head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
    head.append("X-Pylon-Instance: ").append(INSTANCE).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    head.append("Content-Type: ").append(type).append("\r\n");
    head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        threads.execute(() -> serve(connection));
      }
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  private byte @Nullable [] answer(String question) {
    Deque<byte[]> inTurn = answers.getOrDefault(question, answers.get(question.split("\\?")[0]));
    if (inTurn == null) {
      return null;
    }
    return inTurn.size() > 1 ? inTurn.poll() : inTurn.peek();
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = connection.getInputStream();
      while (true) {
        String[] request = HttpLink.line(in, 8_192).split(" ");
        var headers = new LinkedHashMap<String, String>();
        for (String line = HttpLink.line(in, 8_192);
            !line.isEmpty();
            line = HttpLink.line(in, 8_192)) {
          String[] parts = line.split(": ", 2);
          headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        asked.add(new Asked(request[0], request[1], headers, body));
        String question = request[0] + " " + request[1];
        byte[] answer = answer(question);
        connection
            .getOutputStream()
            .write(
                answer != null
                    ? answer
                    : json(404, "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no route\"}}"));
        if (answer != null
            && new String(answer, StandardCharsets.UTF_8).contains("Connection: close")) {
          return;
        }
      }
    } catch (IOException e) {
      // the client hung up
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
