// /v1/charities/{id}/statement: a charity's proof of funds. /v1/statements/{token}: what a printed statement said when it
// was handed out, whoever's it is.

import { z } from "zod";
import { InputError, NotFoundError } from "../errors.ts";
import {
  CHARITY_STATEMENT_FORMAT,
  type CharityFacts,
  charityStatement,
} from "../programmes/statements/charity.ts";
import { charityPaper, charitySheet } from "../programmes/statements/charity-paper.ts";
import { dayNumber, dayOfSecond, periodOf } from "../programmes/statements/dates.ts";
import { toHex } from "../protocol/bytes.ts";
import type { Line } from "../protocol/verification.ts";
import type { Queries } from "../store/database.ts";
import { deploymentOf } from "../store/deployment.ts";
import { charitySubject, issuedStatement } from "../store/issued-statements.ts";
import { type Charity, charityById } from "../store/parties.ts";
import {
  claimedBefore,
  eventsBetween,
  type LineEvent,
  type LineOnChain,
  marksBefore,
  unitsOf,
} from "../store/proof-of-funds.ts";
import { mayActFor } from "./auth.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { type Format, periodQuery, replyAs } from "./statement-formats.ts";
import { charityInPath, hex32, hexOrNull, noSuch, time } from "./words.ts";

const MOST_EVENTS = 10_000;
const TOKEN_BYTES = 16;

type Asked = { readonly from: string; readonly to: string; readonly format: Format; readonly unit?: string };

/** The unit asked for, or the only one in which anything was given. */
async function unitOf(sql: Queries, charity: Charity, asked: string | undefined): Promise<string> {
  const units = await unitsOf(sql, charity.id);
  const unit = asked ?? (units.length === 1 ? units[0] : undefined);
  if (unit !== undefined && units.includes(unit)) return unit;
  const wanted = units.length === 0 ? "a charity that was given something" : `one of ${units.join(", ")}`;
  const came = asked ?? "nothing";
  throw new InputError("wrong-unit", `unit: wanted ${wanted}, came ${came}`, { field: "unit", wanted, came });
}

async function factsOf({ sql, ledger }: Services, charity: Charity, asked: Asked): Promise<CharityFacts> {
  const { from, to } = asked;
  const unit = await unitOf(sql, charity, asked.unit);
  const line: LineOnChain = { charity: toHex(charity.id), unit };
  const period = periodOf(from, to);
  const [opening, closing, happened, deployment] = await Promise.all([
    marksBefore(sql, line, period.from),
    marksBefore(sql, line, period.before),
    eventsBetween(sql, line, period.from, period.before, MOST_EVENTS + 1),
    deploymentOf(sql),
  ]);
  if (happened.length > MOST_EVENTS) throw tooMuch();
  return {
    ledger: {
      id: toHex(ledger.id),
      chainId: deployment === undefined ? null : `${deployment.chain_id}`,
      contract: hexOrNull(deployment?.contract ?? null),
    },
    charity: { registration: charity.registration, name: charity.name, id: line.charity },
    ...{ unit, from, to },
    opening: textOf(opening),
    closing: textOf(closing),
    ...showEvents(happened),
    claimed: await showClaimed(sql, line, period.before, closing.acknowledged),
  };
}

function tooMuch(): InputError {
  const wanted = `a period in which at most ${MOST_EVENTS} things happened`;
  const facts = { field: "to", wanted, came: "one with more" };
  return new InputError(
    "too-much-happened",
    `to: wanted ${wanted}, came one with more; ask for a shorter one`,
    facts,
  );
}

const textOf = ({ given, reversed, paid, netted, acknowledged, spent }: Line) => ({
  given: `${given}`,
  reversed: `${reversed}`,
  paid: `${paid}`,
  netted: `${netted}`,
  acknowledged: `${acknowledged}`,
  spent: `${spent}`,
});

/** The age is that at the end of the period, or today's when that is earlier: the same paper says the same all day. */
async function showClaimed(sql: Queries, line: LineOnChain, before: bigint, acknowledged: bigint) {
  const { amount, since } = await claimedBefore(sql, line, before, acknowledged);
  if (amount === null || since === null) return null;
  const now = BigInt(Math.floor(Date.now() / 1000));
  const until = before - 1n < now ? before - 1n : now;
  const first = dayOfSecond(Math.floor(since.getTime() / 1000));
  return { amount, since: since.toISOString(), days: dayNumber(dayOfSecond(until)) - dayNumber(first) };
}

const happenedAt = ({ at, transaction }: LineEvent) => ({
  at: at.toISOString(),
  transaction: hexOrNull(transaction),
});

const argument = ({ args }: LineEvent, name: string): string => args[name] ?? "";
const interval = (event: LineEvent) => ({ from: argument(event, "from"), upTo: argument(event, "upTo") });

function showEvents(events: readonly LineEvent[]) {
  const of = (...kinds: readonly LineEvent["kind"][]) => events.filter(({ kind }) => kinds.includes(kind));
  return {
    payouts: of("payBank", "payToken").map((event) => ({
      ...happenedAt(event),
      rail: event.kind === "payBank" ? ("bank" as const) : ("token" as const),
      ...interval(event),
      netTo: argument(event, "netTo"),
      amount: `${event.amount}`,
      reference: event.args.reference ?? null,
    })),
    repaid: of("repay").map((event) => ({
      ...happenedAt(event),
      upTo: argument(event, "upTo"),
      reference: argument(event, "reference"),
    })),
    acknowledgements: of("acknowledge").map((event) => ({
      ...happenedAt(event),
      ...interval(event),
      netTo: argument(event, "netTo"),
      received: argument(event, "received"),
      batch: argument(event, "batch"),
      root: argument(event, "root"),
    })),
    disbursements: of("disburse").map((event) => ({
      ...happenedAt(event),
      ...interval(event),
      evidence: argument(event, "evidence"),
      parts: event.report === null ? null : JSON.parse(event.report).parts,
    })),
  };
}

const issuedSchema = z
  .object({
    hash: hex32.meta({ description: "keccak-256 of the statement's canonical JSON (RFC 8785)" }),
    issuedAt: time,
    statement: z.looseObject({ format: z.string() }),
  })
  .meta({ id: "IssuedStatement" });

function tokenInPath(text: string): Buffer {
  const token = Buffer.from(text, "base64url");
  if (token.length === TOKEN_BYTES && token.toString("base64url") === text) return token;
  throw notIssued();
}

const notIssued = () =>
  new NotFoundError(
    "unknown-statement",
    "statement: none was issued under this token, or what it told of has been erased since",
  );

export const statementRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/charities/{id}/statement",
    tag: "Charities",
    summary: "A charity's proof of funds",
    description:
      "How far one of its lines had come at both ends of a period, and every payout, acknowledgement and disbursement in it, by when they were on chain. `from` and `to` are days in UTC, both included; `unit` may be left out when there is only one; `format` is json, csv or pdf.",
    callers: ["operator", "charity"],
    query: periodQuery({ unit: z.string().max(32).optional() }),
    answers: {
      200: {
        description: "The statement",
        schema: z
          .looseObject({ format: z.literal(CHARITY_STATEMENT_FORMAT) })
          .meta({ id: "CharityStatement" }),
      },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "" }, query, caller }, services) => {
      const charity = await charityById(services.sql, charityInPath(id));
      if (charity === undefined) throw noSuch("charity", id);
      mayActFor(caller, "charity", charity.registration);
      const asked = query as Asked;
      const document = charityStatement(await factsOf(services, charity, asked));
      return replyAs(services, asked.format, {
        document,
        sheet: () => charitySheet(document),
        paper: () => charityPaper(document),
        subject: charitySubject(charity.registration),
        name: `funds-${charity.registration}-${asked.from}-${asked.to}`,
      });
    },
  }),
  route({
    method: "get",
    path: "/v1/statements/{token}",
    tag: "Statements",
    summary: "What a printed statement said",
    description:
      "Under the token in the code on the paper. Compare what it says, and the hash, with the paper: a paper that says something else was not issued here.",
    answers: {
      200: { description: "As it was issued", schema: issuedSchema },
      404: { description: "Not issued here, or erased since" },
    },
    handle: async ({ params: { token = "" } }, { sql }) => {
      const issued = await issuedStatement(sql, tokenInPath(token));
      if (issued === undefined) throw notIssued();
      const { hash, issued_at, body } = issued;
      const shown = { hash: toHex(hash), issuedAt: issued_at.toISOString(), statement: JSON.parse(body) };
      return { status: 200, body: shown, headers: { "Cache-Control": "private, no-store" } };
    },
  }),
];
