// /v1/merchants: who sells, and is the donor in law.

import { z } from "zod";
import { ConflictError } from "../errors.ts";
import { name, text } from "../programmes/fields.ts";
import { addMerchant, type Merchant, merchantById, merchantsAfter } from "../store/parties.ts";
import { type Route, route } from "./route.ts";
import { listOf, listReply, noSuch, page, time } from "./words.ts";

const newMerchant = z.strictObject({ id: name, name: text(200), legalDonor: text(200).optional() });

const merchantSchema = z
  .object({ id: z.string(), name: z.string(), legalDonor: z.string(), createdAt: time })
  .meta({ id: "Merchant" });

const show = ({ id, name, legal_donor, created_at }: Merchant) => ({
  id,
  name,
  legalDonor: legal_donor,
  createdAt: created_at.toISOString(),
});

const tag = "Merchants";

export const merchantRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/merchants",
    tag,
    summary: "Register a merchant",
    description:
      "`legalDonor` is the name of the donor in law; receipts carry it. It is `name` when left out.",
    callers: ["operator"],
    body: newMerchant,
    answers: {
      201: { description: "Registered", schema: merchantSchema },
      200: { description: "Was registered before, with the same content", schema: merchantSchema },
      409: { description: "The id is taken, with other content" },
    },
    handle: async ({ body }, { sql }) => {
      const wanted = { id: body.id, name: body.name, legal_donor: body.legalDonor ?? body.name };
      const added = await addMerchant(sql, wanted);
      const merchant = (await merchantById(sql, body.id)) as Merchant;
      if (merchant.name !== wanted.name || merchant.legal_donor !== wanted.legal_donor)
        throw new ConflictError("merchant-differs", `id: ${body.id} is registered with other content`, {
          recorded: show(merchant),
        });
      return { status: added ? 201 : 200, body: show(merchant) };
    },
  }),
  route({
    method: "get",
    path: "/v1/merchants",
    tag,
    summary: "List merchants",
    query: z.strictObject(page()),
    answers: { 200: { description: "A page, by id", schema: listOf(merchantSchema) } },
    handle: async ({ query: { after = "", limit } }, { sql }) => {
      const merchants = await merchantsAfter(sql, after, limit);
      return { status: 200, body: listReply(merchants.map(show), limit, ({ id }) => id) };
    },
  }),
  route({
    method: "get",
    path: "/v1/merchants/{id}",
    tag,
    summary: "Read a merchant",
    answers: {
      200: { description: "The merchant", schema: merchantSchema },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "" } }, { sql }) => {
      const merchant = await merchantById(sql, id);
      if (merchant === undefined) throw noSuch("merchant", id);
      return { status: 200, body: show(merchant) };
    },
  }),
];
