// /v1/sign-in: a charity shows by a signature that it is who signs for it, and gets a session that speaks as its API key does.

import { z } from "zod";
import { ForbiddenError, InputError, NotFoundError } from "../errors.ts";
import { fromHex, type Hex } from "../protocol/bytes.ts";
import { deploymentOf } from "../store/deployment.ts";
import { charitiesSignedBy, endSession, openSession } from "../store/sessions.ts";
import { forgetKey, keyOf } from "./auth.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { ourOrigins, readSignIn, type SignInMessage } from "./sign-in-message.ts";
import { checkNonce, makeNonce, NONCE_SECONDS } from "./sign-in-nonces.ts";
import { signerOfText } from "./signatures.ts";
import { isoTime, time } from "./words.ts";

const SESSION_SECONDS = 3_600;

const offerSchema = z
  .object({
    nonce: z.string(),
    expiresAt: time,
    domain: z.string(),
    uri: z.url(),
    chainId: z.int(),
  })
  .meta({ id: "SignInOffer" });

const sessionSchema = z
  .object({
    token: z.string().meta({ description: "`Authorization: Bearer`; shown this once" }),
    expiresAt: time,
    charities: z.array(z.string()).meta({ description: "for which it speaks, by registration id" }),
  })
  .meta({ id: "Session" });

const signInBody = z.strictObject({
  message: z.string().max(4_000),
  signature: z.string().regex(/^0x([0-9a-fA-F]{2}){1,4096}$/, "wanted a signature in hexadecimal"),
});

const NOTHING = z.strictObject({});

const nowSeconds = () => Math.floor(Date.now() / 1000);

async function chainIdOf({ sql }: Services): Promise<number> {
  const deployment = await deploymentOf(sql);
  if (deployment !== undefined) return Number(deployment.chain_id);
  throw new NotFoundError("no-contract", "the ledger's contract is not deployed yet; sign in once it is");
}

const BY_API_KEY = "a wallet contract cannot be asked here: let it use an API key, which the operator makes";

/** The account that has signed the message, if it is the one that the message names. */
async function accountOf({ account }: SignInMessage, message: string, signature: Hex): Promise<Uint8Array> {
  const signer = await signerOfText(message, signature);
  if (signer?.toLowerCase() === account.toLowerCase()) return fromHex(account.toLowerCase());
  const came = signer === undefined ? "none of a key" : `one of ${signer}`;
  const facts = { field: "signature", wanted: `one of ${account}`, came };
  throw new ForbiddenError(
    "wrong-signature",
    `signature: wanted one of ${account}, came ${came}; ${BY_API_KEY}`,
    facts,
  );
}

const tag = "Signing in";

export const signInRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/sign-in/nonce",
    tag,
    summary: "Get what a message to sign in with must hold",
    description: "A message as EIP-4361 forms it, with this nonce, domain, URI and chain id.",
    body: NOTHING,
    answers: {
      201: { description: "Made; it counts once, for ten minutes", schema: offerSchema },
      404: { description: "The ledger's contract, whose chain a message names, is not deployed yet" },
    },
    handle: async (_, services) => {
      const [chainId, now] = [await chainIdOf(services), nowSeconds()];
      const [uri = ""] = ourOrigins(services.settings);
      const nonce = makeNonce(services.ledger.secret, now);
      const offer = {
        nonce,
        expiresAt: isoTime(now + NONCE_SECONDS),
        domain: new URL(uri).host,
        uri,
        chainId,
      };
      return { status: 201, body: offer, headers: { "Cache-Control": "no-store" } };
    },
  }),
  route({
    method: "post",
    path: "/v1/sign-in",
    tag,
    summary: "Sign in with an Ethereum account (EIP-4361)",
    description:
      "For an account with a key that signs for a charity; it then speaks for every charity that it signs for, for one hour. A wallet contract uses an API key.",
    body: signInBody,
    answers: {
      201: { description: "Signed in", schema: sessionSchema },
      403: { description: "The message is not for here and now, or its signer signs for no charity" },
    },
    handle: async ({ body }, services) => {
      const { sql, ledger, settings } = services;
      const signature = body.signature as Hex;
      const asked = readSignIn(body.message, ourOrigins(settings), await chainIdOf(services), new Date());
      checkNonce(ledger.secret, asked.nonce, nowSeconds());
      const account = await accountOf(asked, body.message, signature);
      const charities = await charitiesSignedBy(sql, account);
      if (charities.length === 0)
        throw new ForbiddenError(
          "unknown-signer",
          `${asked.account} signs for no charity that is registered here`,
        );
      const limits = { sessionSeconds: SESSION_SECONDS, nonceSeconds: NONCE_SECONDS };
      const session = await openSession(sql, account, asked.nonce, limits);
      if (session === undefined)
        throw new ForbiddenError("used-nonce", "Nonce: wanted one that was not used before");
      const { token, expiresAt } = session;
      return {
        status: 201,
        body: { token, expiresAt: expiresAt.toISOString(), charities },
        headers: { "Cache-Control": "no-store" },
      };
    },
  }),
  route({
    method: "post",
    path: "/v1/sign-in/end",
    tag,
    summary: "End a session",
    description: "It stops working at once here, and within five seconds in every other process.",
    callers: ["charity"],
    body: NOTHING,
    answers: { 200: { description: "Ended" }, 422: { description: "What was shown is an API key" } },
    handle: async ({ request }, { sql }) => {
      const token = keyOf(request) as string;
      const ended = await endSession(sql, token);
      forgetKey(token);
      if (!ended)
        throw new InputError("not-a-session", "Authorization: wanted a session's token, came an API key");
      return { status: 200, body: { ended: true } };
    },
  }),
];
