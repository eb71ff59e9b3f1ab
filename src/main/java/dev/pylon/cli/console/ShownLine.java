package dev.pylon.cli.console;

import java.util.ArrayList;
import java.util.List;

/**
 * One line in pieces that look different. How a look is drawn, if at all, is the terminal's affair.
 */
public record ShownLine(List<Piece> pieces) {
  public ShownLine {
    pieces = List.copyOf(pieces);
  }

  /** How a piece should look. */
  public enum Look {
    PLAIN,
    DIM,
    BOLD,
    GOOD,
    NOTABLE,
    BAD,
    LINK
  }

  /** Text that looks the same from its beginning to its end. */
  public record Piece(Look look, String text) {}

  static ShownLine of(Look look, String text) {
    return new ShownLine(List.of(new Piece(look, text)));
  }

  static ShownLine plain(String text) {
    return of(Look.PLAIN, text);
  }

  static ShownLine dim(String text) {
    return of(Look.DIM, text);
  }

  ShownLine then(Look look, String text) {
    var more = new ArrayList<>(pieces);
    more.add(new Piece(look, text));
    return new ShownLine(more);
  }

  /** The same, cut where it is longer than {@code columns}. */
  ShownLine clipped(int columns) {
    var kept = new ArrayList<Piece>();
    int left = columns;
    for (Piece piece : pieces) {
      String text = piece.text();
      kept.add(new Piece(piece.look(), text.substring(0, Math.min(left, text.length()))));
      left -= kept.getLast().text().length();
    }
    return new ShownLine(kept);
  }

  /** The text without its looks. */
  public String text() {
    var text = new StringBuilder();
    pieces.forEach(piece -> text.append(piece.text()));
    return text.toString();
  }
}
