import { createClient } from "./pylon.client";

const client = createClient();
void client.list("Produkt");
void client.insert("Product", { name: 1, price: 1, visible: true, owner: "x" });
void client.callFn("addProduct");
void client.callFn("pong");
void client.actions.buy({ count: "1" });
