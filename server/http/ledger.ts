// /v1/ledger: which ledger this is, and where it lives. The service's own word: whoever verifies takes the contract from a
// source of their own, and compares.

import { z } from "zod";
import { toHex } from "../protocol/bytes.ts";
import { deploymentOf } from "../store/deployment.ts";
import { type Route, route } from "./route.ts";
import { address, hex32 } from "./words.ts";

const ledgerSchema = z
  .object({
    id: hex32,
    chainId: z.int().nullable().meta({ description: "null, like the contract, until it is deployed" }),
    contract: address.nullable(),
    demonstration: z
      .boolean()
      .meta({ description: "the chain runs inside this service, and proves nothing against who runs it" }),
    rpcUrl: z.string().nullable().meta({
      description: "an endpoint of the chain that anyone may read; null when the operator names none",
    }),
  })
  .meta({ id: "Ledger" });

export const ledgerRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/ledger",
    tag: "Operations",
    summary: "Which ledger this is, and where it lives",
    answers: { 200: { description: "The service's own word: compare it", schema: ledgerSchema } },
    handle: async (_, { sql, ledger, settings, publicRpcUrl }) => {
      const deployment = await deploymentOf(sql);
      const body = {
        id: toHex(ledger.id),
        chainId: deployment === undefined ? null : Number(deployment.chain_id),
        contract: deployment === undefined ? null : toHex(deployment.contract),
        demonstration: settings.demonstration,
        rpcUrl: publicRpcUrl,
      };
      return { status: 200, body, headers: { "Cache-Control": "no-cache" } };
    },
  }),
];
