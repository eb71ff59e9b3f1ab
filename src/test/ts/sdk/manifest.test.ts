import { describe, expect, test } from "bun:test";
import {
  action,
  auth,
  buildManifest,
  definePlugin,
  defineRoute,
  entitiesToManifest,
  entity,
  field,
  MANIFEST_VERSION,
  policiesToManifest,
  policy,
  query,
  queriesToManifest,
  relation,
} from "../../../main/ts/sdk/index";

describe("fields", () => {
  test.each([
    ["string", field.string()],
    ["int", field.int()],
    ["float", field.float()],
    ["float", field.number()],
    ["bool", field.bool()],
    ["bool", field.boolean()],
    ["datetime", field.datetime()],
    ["richtext", field.richtext()],
    ["id(User)", field.id("User")],
  ])("%s", (type, builder) => {
    expect(builder.spec).toEqual({ type, optional: false, unique: false });
  });

  test("a modifier leaves its builder as it was", () => {
    const base = field.string();

    expect(base.optional().unique().crdt("text").spec).toEqual({
      type: "string",
      optional: true,
      unique: true,
      crdt: "text",
    });
    expect(base.spec.optional).toBe(false);
  });
});

describe("entities", () => {
  test("emit indexes always and the rest only where there is something", () => {
    const manifest = entitiesToManifest([entity("Lot", { b: field.int(), a: field.bool().crdt("lww") })]);

    expect(JSON.stringify(manifest)).toBe(
      JSON.stringify([
        {
          name: "Lot",
          fields: [
            { name: "b", type: "int", optional: false, unique: false },
            { name: "a", type: "bool", optional: false, unique: false, crdt: "lww" },
          ],
          indexes: [],
        },
      ]),
    );
  });

  test("emit all three lists of a search, and many only where said", () => {
    const [lot] = entitiesToManifest([
      entity(
        "Lot",
        {},
        {
          relations: [
            relation({ name: "seller", target: "User", field: "sellerId" }),
            relation({ name: "bids", target: "Bid", field: "id", many: true }),
          ],
          search: { text: ["title"] },
        },
      ),
    ]);

    expect(JSON.stringify(lot?.relations)).toBe(
      '[{"name":"seller","target":"User","field":"sellerId"},{"name":"bids","target":"Bid","field":"id","many":true}]',
    );
    expect(lot?.search).toEqual({ text: ["title"], facets: [], sortable: [] });
  });

  test("emit no search that finds nothing", () => {
    expect(entitiesToManifest([entity("Lot", {}, { search: { text: [] } })])[0]).not.toHaveProperty("search");
  });
});

test("inputs are emitted where there are any, required unless said", () => {
  expect(queriesToManifest([query("a"), action("b", { input: [{ name: "x", type: "int" }] })])).toEqual([
    { name: "a" },
    { name: "b", input: [{ name: "x", type: "int", optional: false, unique: false }] },
  ]);
});

test("an empty policy expression disappears", () => {
  const rules = [policy({ name: "p", entity: "Lot", allow: "", allowRead: "true" })];
  expect(policiesToManifest(rules)).toEqual([{ name: "p", entity: "Lot", allowRead: "true" }]);
});

test("auth fills in every default", () => {
  expect(auth({ session: { cookieCache: { enabled: true } }, trustedOrigins: ["https://a"] })).toEqual({
    user: { entity: "User", expose: [], hide: [] },
    session: {
      expires_in: 2_592_000,
      cookie_cache: { enabled: true, max_age: 300, claims: ["is_admin", "tenant_id"] },
    },
    trusted_origins: ["https://a"],
  });
});

test("a manifest has every part", () => {
  const route = defineRoute({ path: "/", mode: "live" });
  definePlugin({ name: "unused", entities: [] });

  expect(buildManifest({ name: "app", version: "1", entities: [], routes: [route] })).toEqual({
    manifest_version: MANIFEST_VERSION,
    name: "app",
    version: "1",
    entities: [],
    routes: [{ path: "/", mode: "live" }],
    queries: [],
    actions: [],
    policies: [],
    auth: auth(),
  });
});
