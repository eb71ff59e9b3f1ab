package dev.pylon.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many rows, in and out over HTTP, beside plain JDBC in the same run.
 *
 * <p>{@code Rows PORT PID ROWS CONNECTIONS ROUNDS}: rows one by one over the entity routes and as
 * transactions of one row by hand, 10,000 rows in one mutation, all rows in one answer, and what the
 * server's memory comes to.
 */
final class Rows {
  private static final String BODY = "{\"title\":\"a thing to do\",\"done\":false}";

  private final int port;

  private Rows(int port) {
    this.port = port;
  }

  public static void main(String[] args) throws Exception {
    var bench = new Rows(Integer.parseInt(args[0]));
    Path status = Path.of("/proc", args[1], "status");
    int rows = Integer.parseInt(args[2]);
    int connections = Integer.parseInt(args[3]);
    for (int round = 1; round <= Integer.parseInt(args[4]); round++) {
      double jdbc = rows / byHand(rows);
      double http = rows / bench.insert(rows, connections);
      System.out.printf(
          "round %d, rows of one transaction/s: plain JDBC %,.0f  HTTP, %d connections %,.0f (%.2f)%n",
          round, jdbc, connections, http, http / jdbc);
      System.out.printf(
          "round %d, 10,000 rows in a mutation: %.2f s%n",
          round, bench.one("POST", "/api/fn/fill", "{\"count\":10000}").seconds());
      String before = memory(status);
      Answer list = bench.one("GET", "/api/entities/Todo?limit=" + rows, "");
      System.out.printf(
          "round %d, a list of %,d rows: %,d bytes in %.2f s; memory before %s, after %s%n",
          round, rows, list.bytes(), list.seconds(), before, memory(status));
    }
  }

  /** What the server holds now, and the most it ever held. */
  private static String memory(Path status) throws IOException {
    List<String> found = new ArrayList<>();
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS") || line.startsWith("VmHWM")) {
        found.add(line.replaceAll("\\s+", " "));
      }
    }
    return String.join(" ", found);
  }

  /** What one would write by hand: a table as ours, a transaction for each row. */
  private static double byHand(int rows) throws Exception {
    Path folder = Files.createTempDirectory("pylon-bench-");
    Path file = folder.resolve("hand.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = NORMAL");
      statement.execute(
          "CREATE TABLE Todo (id TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL, done INTEGER NOT NULL)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO Todo VALUES (?, ?, ?)")) {
        long start = System.nanoTime();
        for (int i = 0; i < rows; i++) {
          insert.setString(1, "%040d".formatted(i));
          insert.setString(2, "a thing to do");
          insert.setInt(3, 0);
          insert.executeUpdate();
        }
        return seconds(start);
      }
    } finally {
      for (String suffix : List.of("", "-wal", "-shm")) {
        Files.deleteIfExists(file.resolveSibling("hand.db" + suffix));
      }
      Files.delete(folder);
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private double insert(int rows, int connections) throws Exception {
    long start = System.nanoTime();
    try (ExecutorService tasks = Executors.newFixedThreadPool(connections)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        int share = rows / connections + (i < rows % connections ? 1 : 0);
        ends.add(
            tasks.submit(
                (Callable<Void>)
                    () -> {
                      try (var connection = new Connected(port)) {
                        for (int row = 0; row < share; row++) {
                          connection.ask("POST", "/api/entities/Todo", BODY);
                        }
                      }
                      return null;
                    }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    return seconds(start);
  }

  /** How long one answer took, and how much it was. */
  private record Answer(double seconds, long bytes) {}

  private Answer one(String method, String path, String body) throws IOException {
    try (var connection = new Connected(port)) {
      long start = System.nanoTime();
      long bytes = connection.ask(method, path, body);
      return new Answer(seconds(start), bytes);
    }
  }

  /** One connection that is kept; reads what it is sent and keeps nothing of it. */
  private static final class Connected implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Connected(int port) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
      out = socket.getOutputStream();
    }

    /** Returns the length of the answer. */
    long ask(String method, String path, String body) throws IOException {
      byte[] text = body.getBytes(StandardCharsets.UTF_8);
      String head =
          "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
              .formatted(method, path, text.length);
      out.write((head + body).getBytes(StandardCharsets.UTF_8));
      out.flush();
      String status = line();
      long length = -1;
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.toLowerCase().startsWith("content-length:")) {
          length = Long.parseLong(line.substring(15).strip());
        }
      }
      long bytes = length >= 0 ? skip(length) : chunks();
      if (status.charAt(9) != '2') {
        throw new IOException(method + " " + path + ": " + status);
      }
      return bytes;
    }

    private long chunks() throws IOException {
      long bytes = 0;
      while (true) {
        long size = Long.parseLong(line(), 16);
        bytes += skip(size);
        line();
        if (size == 0) {
          return bytes;
        }
      }
    }

    private long skip(long bytes) throws IOException {
      in.skipNBytes(bytes);
      return bytes;
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the server closed a connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
