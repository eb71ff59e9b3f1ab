package dev.pylon.cli.command;

import java.util.List;

/** Rows of text: aligned columns cut to the width on a terminal, tabs elsewhere. */
public final class Table {
  private Table() {}

  public static void print(Output output, List<List<String>> rows) {
    if (!output.options().outTerminal()) {
      rows.forEach(row -> output.line(String.join("\t", row).stripTrailing()));
      return;
    }
    int[] widths = widths(rows);
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i))
            .append(" ".repeat(widths[i] - row.get(i).length() + (widths[i] > 0 ? 2 : 0)));
      }
      String text = line.toString().stripTrailing();
      int columns = output.options().columns();
      output.line(
          text.length() <= columns
              ? text
              : text.substring(0, columns - 1) + output.style().sign("…", "~"));
    }
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }
}
