package dev.pylon.cli;

import dev.pylon.cli.remote.HttpLink;
import dev.pylon.config.Environment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Does what users do, for the JVM to watch: {@code bin/pylon} runs this once in the background to
 * make the ahead-of-time cache of a profile. Touches no project and no server of the user.
 */
final class Training {
  /** A trace with one of everything, so that every way to show it is walked. */
  private static final String TRACE =
      """
      {"call_id":"c_1","fn_name":"add","fn_type":"mutation","user_id":"u","started_at":1767225600123,\
      "duration_ms":4.8,"outcome":{"status":"ok","value":{"id":"x","n":[1,2.5,true,null]}},"ops":[\
      {"op":"get","entity":"Todo","id":"t","duration_ms":0.2,"row_count":1,"ok":true,"start_ms":0.1},\
      {"op":"insert","entity":"Todo","duration_ms":0.3,"ok":true,"start_ms":0.4}],"stream_bytes":0,\
      "stream_chunks":0,"schedules":[{"fn_name":"later","delay_ms":5000}],"parent_call_id":null,\
      "tenant_id":"o","source":"http","timestamp":"2026-01-01T00:00:00.123Z","queue_ms":0.1,\
      "commit_ms":1.2,"attempt":1,"error":null,"logs":[{"t_ms":1.0,"level":"info","text":"hello"}]}\
      """;

  private static final String FAILED =
      TRACE.replace(
          "{\"status\":\"ok\",\"value\":{\"id\":\"x\",\"n\":[1,2.5,true,null]}}",
          "{\"status\":\"error\",\"code\":\"NO\",\"message\":\"not today\"}");

  private static final Map<String, String> ANSWERS =
      Map.of(
          "GET /health",
          "{\"status\":\"ok\"}",
          "GET /api/fn",
          "[{\"name\":\"add\",\"fn_type\":\"mutation\",\"args_schema\":{\"title\":"
              + "{\"type\":\"string\"},\"n\":{\"type\":\"int\",\"optional\":true}}}]",
          "GET /api/fn/traces",
          "[" + TRACE + "," + FAILED + "]",
          "GET /api/fn/traces/c_1",
          TRACE,
          "POST /api/fn/add",
          "{\"id\":\"x\",\"list\":[1,2.5,true,null,\"text\"]}");

  private static final String DEV_FILE =
      """
      {"version":1,"instance":"i","mode":"dev","pid":1,"startedAt":"2026-01-01T00:00:00.000Z",\
      "url":"http://127.0.0.1:%d","adminToken":"t"}\
      """;

  private Training() {}

  /** Trains the profile named by the only argument: {@code client} or {@code server}. */
  public static void main(String[] args) throws Exception {
    Path project = Files.createTempDirectory("pylon-training");
    try {
      if (args[0].equals("server")) {
        ServerTraining.run(project, Environment.ofProcess());
      } else {
        shortCommands(project);
      }
    } finally {
      delete(project);
    }
    Runtime.getRuntime().exit(0); // whatever a server left running is not waited for
  }

  private static void shortCommands(Path project) throws IOException {
    try (ExecutorService answering = Executors.newCachedThreadPool();
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      answering.execute(() -> serve(server, answering));
      Path folder = Files.createDirectory(project.resolve(".pylon"));
      Files.writeString(folder.resolve("dev.json"), DEV_FILE.formatted(server.getLocalPort()));
      rehearse(project);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static void rehearse(Path project) {
    var _ = Environment.ofProcess(); // what every command begins with
    run(project, "", "help");
    Commands.NAMES.forEach(name -> run(project, "ioe", name, "--help"));
    run(project, "", "version");
    run(project, "", "clal");
    for (String terminal : List.of("", "ioe")) {
      run(project, terminal, "call", "add");
      run(project, terminal, "call", "add", "title=milk", "n=3", "x:={\"a\":[1]}", "--as", "u");
      run(project, terminal, "call", "add", "--json", "--args", "{}");
      run(project, terminal, "call", "gone");
      run(project, terminal, "call", "stream", "--trace");
      run(project, terminal, "traces", "-n", "20");
      run(project, terminal, "traces", "--json", "--errors", "--since", "15m");
      run(project, terminal, "traces", "--id", "c_1");
      run(project, terminal, "traces", "--stats");
      run(project, terminal, "fns");
      run(project, terminal, "help", "call");
    }
  }

  static void run(Path project, String terminal, String... args) {
    var environment = new Environment(Map.of(), Map.of("pylon.terminal", terminal), project);
    new Main(
            environment,
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream())
        .run(List.of(args));
  }

  private static void serve(ServerSocket server, ExecutorService answering) {
    try {
      while (true) {
        Socket socket = server.accept();
        answering.execute(() -> answer(socket));
      }
    } catch (IOException e) {
      // closed: the rehearsal is over
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      while (true) {
        String[] request = HttpLink.line(in, 8_192).split(" ");
        int length = 0;
        for (String line = HttpLink.line(in, 8_192);
            !line.isEmpty();
            line = HttpLink.line(in, 8_192)) {
          if (line.startsWith("Content-Length:")) {
            length = Integer.parseInt(line.substring(15).strip());
          }
        }
        in.readNBytes(length);
        socket.getOutputStream().write(reply(request[0] + " " + request[1].split("\\?")[0]));
      }
    } catch (IOException e) {
      // the caller hung up
    }
  }

  private static byte[] reply(String request) {
    boolean stream = request.endsWith("/stream");
    String body =
        stream
            ? "data: one\n\ndata: two\n\nevent: result\ndata: null\n\n"
            : ANSWERS.getOrDefault(
                request, "{\"error\":{\"code\":\"FN_NOT_FOUND\",\"message\":\"no\"}}");
    boolean found = stream || ANSWERS.containsKey(request);
    String text =
        "HTTP/1.1 %s\r\nContent-Type: %s\r\nX-Pylon-Call-Id: c_1\r\nX-Pylon-Cursor: i-1\r\nX-Pylon-Instance: i\r\n"
            .formatted(
                found ? "200 OK" : "404 Not Found",
                stream ? "text/event-stream" : "application/json");
    String framed =
        stream
            ? "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                .formatted(body.length(), body)
            : "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    return (text + framed).getBytes(StandardCharsets.UTF_8);
  }
}
