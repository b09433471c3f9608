// The path of a leaf in the tree that a promise's signature covers, as its holder reads it.

import type { Hex } from "../../server/protocol/bytes.ts";
import type { PromiseTree } from "../../server/protocol/promise-tree.ts";

export const pathIn = (tree: PromiseTree, place: number): Hex[] => JSON.parse(`[${tree.pathText(place)}]`);
