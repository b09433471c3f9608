// /v1/charities: who receives, on which account, and who signs for it.

import { z } from "zod";
import { ConflictError } from "../errors.ts";
import { isPlain, registration, text } from "../programmes/fields.ts";
import { toHex } from "../protocol/bytes.ts";
import { charityId } from "../protocol/ids.ts";
import { intend } from "../store/chain-calls.ts";
import type { Queries } from "../store/database.ts";
import { addCharity, type Charity, charitiesAfter, charityById } from "../store/parties.ts";
import { type Route, route } from "./route.ts";
import {
  address,
  bytesOrNull,
  charityInPath,
  hex32,
  hexOrNull,
  listOf,
  listReply,
  noSuch,
  page,
  time,
} from "./words.ts";

const newCharity = z.strictObject({
  registration,
  name: text(200),
  website: z
    .url({ protocol: /^https?$/, error: "wanted a web address" })
    .max(300)
    .refine(isPlain, "wanted a web address")
    .optional(),
  payee: address.optional(),
  signer: address.optional(),
  rail: z.enum(["token", "bank"]).default("bank"),
});

const charitySchema = z
  .object({
    id: hex32,
    registration: z.string(),
    name: z.string(),
    website: z.string().nullable(),
    payee: address.nullable(),
    signer: address.nullable(),
    rail: z.enum(["token", "bank"]),
    createdAt: time,
  })
  .meta({ id: "Charity" });

const show = ({ id, payee, signer, created_at, ...charity }: Charity) => ({
  id: toHex(id),
  ...charity,
  payee: hexOrNull(payee),
  signer: hexOrNull(signer),
  createdAt: created_at.toISOString(),
});

const differs = (charity: Charity, wanted: z.output<typeof newCharity>) =>
  charity.name !== wanted.name ||
  charity.website !== (wanted.website ?? null) ||
  charity.rail !== wanted.rail ||
  hexOrNull(charity.payee) !== (wanted.payee?.toLowerCase() ?? null) ||
  hexOrNull(charity.signer) !== (wanted.signer?.toLowerCase() ?? null);

/** Registers it here and, in the same transaction, writes down that the contract shall know its accounts. */
async function registerIn(sql: Queries, body: z.output<typeof newCharity>): Promise<boolean> {
  const { payee, signer, website = null, ...rest } = body;
  const accounts = { payee: bytesOrNull(payee?.toLowerCase()), signer: bytesOrNull(signer?.toLowerCase()) };
  if (!(await addCharity(sql, { ...rest, website, ...accounts }))) return false;
  if (accounts.signer !== null) {
    const charity = toHex(charityId(body.registration));
    const args = { charity, payee: toHex(accounts.payee ?? NO_ACCOUNT), signer: toHex(accounts.signer) };
    await intend(sql, { kind: "registerCharity", args });
  }
  return true;
}

/** The contract's word for a charity that is paid by bank alone. */
const NO_ACCOUNT = new Uint8Array(20);

const tag = "Charities";

export const charityRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/charities",
    tag,
    summary: "Register a charity, or a restricted fund of one",
    description:
      "`registration` is the public registration id in org-id.guide form; with `/project` behind it, a restricted fund. `payee` receives payouts, `signer` signs acknowledgements.",
    callers: ["operator"],
    body: newCharity,
    answers: {
      201: { description: "Registered", schema: charitySchema },
      200: { description: "Was registered before, with the same content", schema: charitySchema },
      409: { description: "The registration id is taken, with other content" },
    },
    handle: async ({ body }, { sql }) => {
      const added = await sql.begin((tx) => registerIn(tx, body));
      const charity = (await charityById(sql, charityId(body.registration))) as Charity;
      if (differs(charity, body))
        throw new ConflictError(
          "charity-differs",
          `registration: ${body.registration} is registered with other content`,
          {
            recorded: show(charity),
          },
        );
      return { status: added ? 201 : 200, body: show(charity) };
    },
  }),
  route({
    method: "get",
    path: "/v1/charities",
    tag,
    summary: "List charities",
    query: z.strictObject({
      ...page(),
      search: z.string().trim().min(1).max(200).optional().meta({
        description: "the beginning of a registration id, or a part of a name; in either case of letters",
      }),
    }),
    answers: { 200: { description: "A page, by registration id", schema: listOf(charitySchema) } },
    handle: async ({ query: { after = "", limit, search = null } }, { sql }) => {
      const charities = await charitiesAfter(sql, after, limit, search);
      return { status: 200, body: listReply(charities.map(show), limit, (last) => last.registration) };
    },
  }),
  route({
    method: "get",
    path: "/v1/charities/{id}",
    tag,
    summary: "Read a charity",
    description: "By its registration id (a slash in it as %2F) or by the hash of it.",
    answers: {
      200: { description: "The charity", schema: charitySchema },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "" } }, { sql }) => {
      const charity = await charityById(sql, charityInPath(id));
      if (charity === undefined) throw noSuch("charity", id);
      return { status: 200, body: show(charity) };
    },
  }),
];
