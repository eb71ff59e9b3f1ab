package dev.pylon.store.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.ColumnType;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.db.TextIndex;
import dev.pylon.db.TimeBucket;
import dev.pylon.json.Json;
import dev.pylon.schema.CrdtKind;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.store.query.Condition.Comparison;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueryCompilerTest {
  private static final @Nullable CrdtKind LWW = null;

  private static final Entity LOT =
      new Entity(
          "Lot",
          List.of(
              new Field("title", new FieldType(FieldType.Kind.STRING, null), false, false, LWW),
              new Field("price", new FieldType(FieldType.Kind.INT, null), true, false, LWW),
              new Field("a\"b", new FieldType(FieldType.Kind.BOOL, null), true, false, LWW)),
          List.of(),
          List.of(),
          null,
          true);

  /** Answers only what a compiler asks. */
  private static final Dialect DIALECT =
      new Dialect() {
        @Override
        public String declare(ColumnType type) {
          throw new UnsupportedOperationException();
        }

        @Override
        public String sequence() {
          throw new UnsupportedOperationException();
        }

        @Override
        public String like(String column) {
          return column + " LIKES ?";
        }

        @Override
        public String among(String column) {
          return column + " AMONG ?";
        }

        @Override
        public String lastCharacters(String column, int count) {
          return "last(%s, %d)".formatted(column, count);
        }

        @Override
        public String bucket(String column, TimeBucket bucket) {
          throw new UnsupportedOperationException();
        }

        @Override
        public TextIndex textIndex() {
          throw new UnsupportedOperationException();
        }

        @Override
        public String sum(String column, boolean fractions) {
          return "TOTAL(" + column + ")";
        }

        @Override
        public List<Table> tables(Session session) {
          throw new UnsupportedOperationException();
        }

        @Override
        public DatabaseException translate(SQLException failure) {
          throw new UnsupportedOperationException();
        }
      };

  private static Sql sql(String filter) {
    return QueryCompiler.compile(
        DIALECT,
        new Source("C", "T", null),
        QueryParser.parse(LOT, Json.parseObject(filter.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void noFilterFindsAllById() {
    assertThat(sql("{}")).isEqualTo(Sql.of("SELECT C FROM T ORDER BY \"id\""));
  }

  @Test
  void valuesAreBoundAndNamesAreQuoted() {
    assertThat(sql("{\"title\": \"x' OR 1=1 --\", \"a\\\"b\": true}"))
        .isEqualTo(
            Sql.of(
                "SELECT C FROM T WHERE (\"title\" = ? AND \"a\"\"b\" = ?) ORDER BY \"id\"",
                "x' OR 1=1 --",
                true));
  }

  /** As where somebody asks for their own rows, and may see no others. */
  @Test
  void whatTwoSayIsSaidOnce() {
    var mine = new Condition.Compare(Column.of(LOT.fields().getFirst()), Comparison.EQUAL, "x");
    var none = new Condition.IsNull(Column.of(LOT.fields().get(1)));

    assertThat(Condition.both(mine, mine)).isEqualTo(mine);
    assertThat(Condition.both(Condition.EVERYTHING, mine)).isEqualTo(mine);
    assertThat(Condition.both(Condition.EVERYTHING, Condition.EVERYTHING))
        .isEqualTo(Condition.EVERYTHING);
    assertThat(Condition.both(mine, new Condition.And(List.of(none, mine))))
        .isEqualTo(new Condition.And(List.of(mine, none)));
  }

  @Test
  void aNumberThatIsNoWholeOneIsComparedAsItsNeighbour() {
    assertThat(sql("{\"price\": {\"$gt\": 9.5, \"$gte\": 9.5, \"$lt\": 9.5, \"$lte\": 9.5}}"))
        .isEqualTo(
            Sql.of(
                "SELECT C FROM T WHERE (\"price\" > ? AND \"price\" >= ? AND \"price\" < ? AND \"price\" <= ?)"
                    + " ORDER BY \"id\"",
                9L,
                10L,
                10L,
                9L));
    assertThat(sql("{\"price\": {\"$lt\": 1e300, \"$ne\": 0.5}}").text())
        .isEqualTo(
            "SELECT C FROM T WHERE (\"price\" IS NOT NULL AND \"price\" IS NOT NULL) ORDER BY \"id\"");
    assertThat(sql("{\"$or\": [{\"price\": 0.5}, {\"price\": {\"$gt\": 1e300}}]}").text())
        .isEqualTo("SELECT C FROM T WHERE (1 = 0 OR 1 = 0) ORDER BY \"id\"");
  }

  @Test
  void whatIsNegatedIsTurnedRoundOrComplemented() {
    assertThat(sql("{\"price\": {\"$not\": {\"$gte\": 1, \"$lt\": 5}}}").text())
        .isEqualTo("SELECT C FROM T WHERE (\"price\" < ? OR \"price\" >= ?) ORDER BY \"id\"");
    assertThat(sql("{\"price\": {\"$not\": {\"$not\": {\"$in\": [1]}}}}").text())
        .isEqualTo("SELECT C FROM T WHERE \"price\" IN (?) ORDER BY \"id\"");
    assertThat(sql("{\"$not\": {\"price\": 1}}").text())
        .isEqualTo("SELECT C FROM T WHERE (\"price\" = ?) IS NOT TRUE ORDER BY \"id\"");
  }

  @Test
  void manyBranchesAreHalvedSoThatNoneNestsDeep() {
    String branch = "{\"price\": 1}";
    String text = sql("{\"$or\": [" + (branch + ",").repeat(199) + branch + "]}").text();

    String hundred = "(" + "\"price\" = ? OR ".repeat(99) + "\"price\" = ?)";
    assertThat(text)
        .isEqualTo("SELECT C FROM T WHERE (" + hundred + " OR " + hundred + ") ORDER BY \"id\"");
  }

  @Test
  void operatorsOnOneColumnAllHold() {
    assertThat(sql("{\"price\": {\"$gte\": 1, \"$lt\": 9, \"$ne\": null}}"))
        .isEqualTo(
            Sql.of(
                "SELECT C FROM T WHERE (\"price\" >= ? AND \"price\" < ? AND \"price\" IS NOT NULL) ORDER BY \"id\"",
                1L,
                9L));
  }

  @Test
  void emptyListsFindNothingOrWhatHasAValue() {
    assertThat(sql("{\"price\": {\"$in\": []}}").text())
        .isEqualTo("SELECT C FROM T WHERE 1 = 0 ORDER BY \"id\"");
    assertThat(sql("{\"price\": {\"$nin\": []}}").text())
        .isEqualTo("SELECT C FROM T WHERE \"price\" IS NOT NULL ORDER BY \"id\"");
    assertThat(sql("{\"$or\": []}").text())
        .isEqualTo("SELECT C FROM T WHERE 1 = 0 ORDER BY \"id\"");
  }

  @Test
  void patternsAreLiteral() {
    assertThat(sql("{\"title\": {\"$like\": \"50%_\\\\\"}}"))
        .isEqualTo(
            Sql.of("SELECT C FROM T WHERE \"title\" LIKES ? ORDER BY \"id\"", "%50\\%\\_\\\\%"));
    assertThat(sql("{\"title\": {\"$startsWith\": \"a\"}}").values()).containsExactly("a%");
  }

  @Test
  void branchesNest() {
    assertThat(
            sql(
                "{\"$or\": [{\"title\": \"a\", \"price\": 1}, {\"$and\": [{\"price\": {\"$in\": [2, null, 3]}}]}]}"))
        .isEqualTo(
            Sql.of(
                "SELECT C FROM T WHERE ((\"title\" = ? AND \"price\" = ?) OR (\"price\" IN (?, ?))) ORDER BY \"id\"",
                "a",
                1L,
                2L,
                3L));
  }

  @Test
  void orderIsTheAuthorsAndTiesGoById() {
    assertThat(sql("{\"$order\": {\"title\": \"DESC\", \"price\": \"up\"}}").text())
        .isEqualTo("SELECT C FROM T ORDER BY \"title\" DESC, \"price\", \"id\"");
  }

  @Test
  void limitsAreBoundSoThatEqualShapesShareAStatement() {
    assertThat(sql("{\"$limit\": 5}"))
        .isEqualTo(Sql.of("SELECT C FROM T ORDER BY \"id\" LIMIT ? OFFSET ?", 5L, 0L));
    assertThat(sql("{\"$offset\": 5}"))
        .isEqualTo(Sql.of("SELECT C FROM T ORDER BY \"id\" LIMIT ? OFFSET ?", Long.MAX_VALUE, 5L));
    assertThat(sql("{\"$limit\": -1, \"$offset\": 1.5}").text())
        .isEqualTo("SELECT C FROM T ORDER BY \"id\"");
  }
}
