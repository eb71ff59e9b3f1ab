package dev.pylon.cli.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import dev.pylon.schema.AuthConfig;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypeScriptClientTest {
  private static final String TSCONFIG =
      """
      {"compilerOptions": {"strict": true, "noEmit": true, "noUncheckedIndexedAccess": true,
        "exactOptionalPropertyTypes": true, "noUnusedLocals": true, "types": [],
        "target": "ES2022", "module": "ESNext", "moduleResolution": "Bundler", "lib": ["ES2022", "DOM"]}}
      """;

  @TempDir private Path folder;

  private static Field field(String name, String type, boolean optional) {
    return new Field(name, FieldType.parse(type).orElseThrow(), optional, false, null);
  }

  private static Manifest manifest(
      List<Entity> entities, List<Operation> queries, List<Operation> actions) {
    return new Manifest(
        "shop",
        "1.0.0",
        entities,
        List.of(),
        queries,
        actions,
        List.of(),
        AuthConfig.DEFAULT,
        Json.raw(Map.of()),
        List.of());
  }

  private static Entity entity(String name, Field... fields) {
    return new Entity(name, List.of(fields), List.of(), List.of(), null, true);
  }

  private static ClientFunction function(String name, String kind, @Nullable String args) {
    return new ClientFunction(
        name, kind, args == null ? null : Json.parseObject(args.getBytes(StandardCharsets.UTF_8)));
  }

  private static String shop() {
    return TypeScriptClient.text(
        manifest(
            List.of(
                entity(
                    "Product",
                    field("name", "string", false),
                    field("price", "float", false),
                    field("stock", "int", true),
                    field("visible", "bool", false),
                    field("since", "datetime", true),
                    field("text", "richtext", true),
                    field("owner", "id(Actions)", false),
                    field("odd-name", "string", true)),
                entity("Actions", field("label", "string", false))),
            List.of(
                new Operation("search", List.of(field("term", "string", false))),
                new Operation("all", List.of())),
            List.of(
                new Operation("buy", List.of(field("count", "int", true))),
                new Operation("clear", List.of()))),
        List.of(
            function("ping", "query", null),
            function(
                "addProduct",
                "mutation",
                """
                {"name":{"type":"string"},"price":{"type":"number","optional":true},"owner":{"type":"id","table":"Actions"},
                 "state":{"type":"union","variants":[{"type":"literal","value":"new"},{"type":"literal","value":1},{"type":"null"}]},
                 "tags":{"type":"array","items":{"type":"union","variants":[{"type":"string"},{"type":"int"}]}},
                 "size":{"type":"object","fields":{"w":{"type":"int"},"h-x":{"type":"int","optional":true}}},
                 "free":{"type":"object","fields":{}},"later":{"type":"invented"},"yes":{"type":"boolean"}}
                """)));
  }

  @Test
  void theGeneratedPartIsWhatItWas() throws IOException {
    String generated = shop().substring(0, shop().indexOf("/** Codes that clients"));

    assertThat(generated).isEqualTo(resource("shop.client.ts"));
  }

  @Test
  void everyCodeOfTheServerIsAmongThoseOfTheClient() {
    assertThat(shop())
        .containsSubsequence(
            "export type PylonErrorCode =\n  | AgentDBErrorCode\n",
            "\n  | \"AMBIGUOUS_ENTRY\"",
            "\n  | \"FN_TIMEOUT\"");
  }

  @Test
  void theOrderOfFunctionsDoesNotMatter() {
    var manifest = manifest(List.of(entity("A")), List.of(), List.of());
    ClientFunction a = function("a", "query", null);
    ClientFunction b = function("b", "query", null);

    assertThat(TypeScriptClient.text(manifest, List.of(a, b)))
        .isEqualTo(TypeScriptClient.text(manifest, List.of(b, a)));
  }

  @Test
  void strictCompilersAcceptItAndItsUse() throws Exception {
    Files.writeString(folder.resolve("pylon.client.ts"), shop());
    Files.writeString(folder.resolve("use.ts"), resource("shop.use.ts"));

    assertThat(tsc()).isEmpty();
  }

  @Test
  void strictCompilersRefuseWrongUse() throws Exception {
    Files.writeString(folder.resolve("pylon.client.ts"), shop());
    Files.writeString(folder.resolve("use.ts"), resource("shop.misuse.ts"));

    assertThat(tsc().lines().filter(line -> line.startsWith("use.ts("))).hasSize(5);
  }

  @Test
  void anAppWithoutAnythingButAnEntityCompiles() throws Exception {
    Files.writeString(
        folder.resolve("pylon.client.ts"),
        TypeScriptClient.text(manifest(List.of(entity("A")), List.of(), List.of()), List.of()));

    assertThat(tsc()).isEmpty();
  }

  private String tsc() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("tsconfig.json"), TSCONFIG);
    Path bun = Path.of(System.getenv("PYLON_BUN"));
    Path compiler = bun.resolve("../../../.bin/tsc").normalize();
    Process process =
        new ProcessBuilder(bun.toString(), compiler.toString(), "-p", folder.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = TypeScriptClientTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
