// `npm run client`: generates the types of the client from the API's own description. A test holds that they are up to date.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { routes } from "../server/http/app.ts";
import { describe } from "../server/http/openapi.ts";
import { ROOT } from "./child.ts";
import { type Description, typesOf } from "./client/types-of.ts";

const FILE = join(ROOT, "client", "schema.d.ts");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };

writeFileSync(FILE, typesOf(describe(routes, version) as unknown as Description));
console.log("client/schema.d.ts is made of the API's description");
