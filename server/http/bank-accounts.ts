// /v1/charities/{id}/bank-account: where a charity is paid by bank. Its number is nobody's business but the charity's and
// the operator's.

import { z } from "zod";
import { canBeWritten } from "../bank/bank-text.ts";
import { isIban, plainIban } from "../bank/iban.ts";
import { ConflictError } from "../errors.ts";
import { text } from "../programmes/fields.ts";
import {
  ACCOUNT_CHANGE_DAYS,
  type AccountDetails,
  accountsOf,
  type StoredAccount,
  setAccount,
  vetoAccount,
} from "../store/bank-accounts.ts";
import type { Database } from "../store/database.ts";
import type { Caller } from "../store/keys.ts";
import { type Charity, charityById } from "../store/parties.ts";
import { mayActFor } from "./auth.ts";
import { type Route, route } from "./route.ts";
import { charityInPath, noSuch, time } from "./words.ts";

const iban = z
  .string()
  .max(60)
  .transform(plainIban)
  .refine(isIban, "wanted an IBAN whose check digits are right");
const bic = z
  .string()
  .regex(/^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?$/, "wanted a BIC of 8 or 11 characters");
const country = z
  .string()
  .regex(/^[A-Z]{2}$/, "wanted a country by its two letters (ISO 3166-1), such as CN");
const bankCode = z.strictObject({
  system: z
    .string()
    .regex(/^[A-Z]{2,5}$/, "wanted a clearing system by its ISO 20022 code, such as CNAPS or USABA"),
  code: z.string().regex(/^[A-Za-z0-9]{1,35}$/, "wanted the bank's number in that system"),
});
const holder = text(140).refine(
  canBeWritten,
  "wanted the holder's name in Latin letters, as its bank knows it: transfers carry no others",
);
const accountNumber = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9./-]{0,32}[A-Za-z0-9])?$/,
    "wanted an account number of at most 34 characters",
  );

const newAccount = z
  .strictObject({
    name: holder,
    iban: iban.optional(),
    account: accountNumber.optional(),
    bic: bic.optional(),
    bankCode: bankCode.optional(),
    country: country.optional(),
  })
  .refine((one) => (one.iban === undefined) !== (one.account === undefined), {
    path: ["iban"],
    error: "wanted either an IBAN or, in `account`, another account number",
  })
  .refine((one) => one.iban !== undefined || one.country !== undefined, {
    path: ["country"],
    error: "wanted the country of the account, since it has no IBAN that tells it",
  })
  .refine((one) => one.iban !== undefined || one.bic !== undefined || one.bankCode !== undefined, {
    path: ["bic"],
    error: "wanted the bank's BIC, or its `bankCode`, since the account has no IBAN that tells it",
  });

const accountSchema = z
  .object({
    name: z.string(),
    iban: z.string().nullable(),
    account: z.string().nullable(),
    bic: z.string().nullable(),
    bankCode: z.object({ system: z.string(), code: z.string() }).nullable(),
    country: z.string(),
    state: z.enum(["in-force", "waiting", "vetoed", "replaced", "past"]),
    setAt: time,
    effectiveAt: time.meta({ description: "from when payouts go to it; until then the charity can veto it" }),
    vetoedAt: time.nullable(),
  })
  .meta({ id: "BankAccount" });

const accountsSchema = z
  .object({
    registration: z.string(),
    inForce: accountSchema.nullable(),
    waiting: accountSchema.nullable().meta({ description: "a change that has not taken effect yet" }),
    history: z.array(accountSchema).meta({ description: "all there ever were, newest first" }),
  })
  .meta({ id: "BankAccounts" });

const toDetails = (body: z.output<typeof newAccount>): AccountDetails => ({
  name: body.name,
  iban: body.iban ?? null,
  other: body.account ?? null,
  bic: body.bic ?? null,
  bank_system: body.bankCode?.system ?? null,
  bank_code: body.bankCode?.code ?? null,
  country: body.country ?? (body.iban as string).slice(0, 2),
});

const show = (one: StoredAccount) => ({
  name: one.name,
  iban: one.iban,
  account: one.other,
  bic: one.bic,
  bankCode: one.bank_system === null ? null : { system: one.bank_system, code: one.bank_code },
  country: one.country,
  state: one.state,
  setAt: one.created_at.toISOString(),
  effectiveAt: one.effective_at.toISOString(),
  vetoedAt: one.vetoed_at?.toISOString() ?? null,
});

async function showAll(sql: Database, { id, registration }: Charity) {
  const history = (await accountsOf(sql, id)).map(show);
  const inState = (state: StoredAccount["state"]) => history.find((one) => one.state === state) ?? null;
  return { registration, inForce: inState("in-force"), waiting: inState("waiting"), history };
}

/** The charity of a path, for those who may speak for it. */
async function charityOf(sql: Database, id: string, caller: Caller): Promise<Charity> {
  const charity = await charityById(sql, charityInPath(id));
  if (charity === undefined) throw noSuch("charity", id);
  mayActFor(caller, "charity", charity.registration);
  return charity;
}

const tag = "Bank";
const path = "/v1/charities/{id}/bank-account";

export const bankAccountRoutes: Route[] = [
  route({
    method: "post",
    path,
    tag,
    summary: "Set a charity's bank account",
    description: `The first acts at once. A change takes effect after ${ACCOUNT_CHANGE_DAYS} days, in which the charity can veto it; another change takes its place and waits anew.`,
    callers: ["operator"],
    body: newAccount,
    answers: {
      201: { description: "Set, or waiting", schema: accountsSchema },
      200: { description: "Was set so before", schema: accountsSchema },
      404: { description: "No such charity" },
    },
    handle: async ({ params: { id = "" }, body, caller }, { sql, log }) => {
      const charity = await charityOf(sql, id, caller);
      const added = await setAccount(sql, charity.id, toDetails(body));
      if (added)
        log.warn({ charity: charity.registration }, "a charity's bank account was set or is to change");
      return { status: added ? 201 : 200, body: await showAll(sql, charity) };
    },
  }),
  route({
    method: "get",
    path,
    tag,
    summary: "Read a charity's bank account, a change that waits, and all there were before",
    callers: ["operator", "charity"],
    answers: {
      200: { description: "The accounts", schema: accountsSchema },
      404: { description: "No such charity" },
    },
    handle: async ({ params: { id = "" }, caller }, { sql }) => ({
      status: 200,
      body: await showAll(sql, await charityOf(sql, id, caller)),
    }),
  }),
  route({
    method: "post",
    path: `${path}/veto`,
    tag,
    summary: "Stop a change of the bank account that waits",
    callers: ["operator", "charity"],
    body: z.strictObject({}),
    answers: {
      200: { description: "Stopped: payouts go on to the account in force", schema: accountsSchema },
      409: { description: "No change waits" },
    },
    handle: async ({ params: { id = "" }, caller }, { sql, log }) => {
      const charity = await charityOf(sql, id, caller);
      if (!(await vetoAccount(sql, charity.id)))
        throw new ConflictError(
          "no-change-waits",
          `bank account: no change of ${charity.registration}'s waits; what has taken effect is changed by setting another`,
        );
      log.warn({ charity: charity.registration }, "a change of a bank account was vetoed");
      return { status: 200, body: await showAll(sql, charity) };
    },
  }),
];
