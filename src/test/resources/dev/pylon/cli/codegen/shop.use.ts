import { ACTIONS, callFn, createClient, createServerClient, ENTITIES, prefetch, prefetchOne, QUERIES } from "./pylon.client";
import type { Actions_, AgentDBErrorCode, AppSchema, EntityName, Product, RoomSnapshot } from "./pylon.client";

export async function use(): Promise<Product[]> {
  const client = createClient();
  const { id } = await client.insert("Product", { name: "a", price: 1, visible: true, owner: "x" });
  await client.update("Product", id, { stock: 3 });
  const one: Product = await client.get("Product", id);
  await client.remove("Product", one.id);
  await client.callFn("ping");
  await client.callFn("addProduct", {
    name: "a",
    owner: "x",
    state: "new",
    tags: ["a", 1],
    size: { w: 1 },
    free: {},
    later: null,
    yes: true,
  });
  await callFn("ping", { anything: 1 });
  await client.actions.buy({ count: 1 });
  await client.actions.clear();
  const { snapshot }: { snapshot: RoomSnapshot } = await client.rooms.join("lobby");
  const names: readonly EntityName[] = ENTITIES;
  const label: Actions_["label"] = (await prefetchOne("Actions", "x")).label;
  const code: AgentDBErrorCode = "NOT_FOUND";
  const term: AppSchema["queries"]["search"]["input"]["term"] = "t";
  console.log(snapshot.peers, names, label, code, term, ACTIONS, QUERIES);
  return prefetch("Product", createServerClient("http://localhost:4321", "token"));
}
