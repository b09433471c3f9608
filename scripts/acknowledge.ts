// `npm run acknowledge`: a charity signs with its own key for the money that has reached it. What is signed is shown in plain
// words first, and compared with the contract itself where one is named.

import { Command } from "commander";
import { formatAmount } from "../server/programmes/currency.ts";
import { sayAcknowledgement } from "../server/programmes/signing-words.ts";
import { RefusedError } from "./charity/client.ts";
import {
  confirm,
  inSession,
  type Options,
  run,
  type Session,
  say,
  tellOutcome,
  warn,
  withOptions,
} from "./charity/command.ts";
import { compareAcknowledgement } from "./charity/contract.ts";
import { type Offer, readOffer, signOffer } from "./charity/offer.ts";

type AcknowledgeOptions = Options & { readonly upTo?: string };

type Payout = { rail: string; from: string; upTo: string; amount: string; paidAt: string };

await withOptions(
  new Command("npm run acknowledge --")
    .description("Signs, as a charity, for the money of the payouts that have reached it.")
    .option("--up-to <position>", "where an earlier payout ends; the last one by default"),
)
  .action((options: AcknowledgeOptions) =>
    run(() => inSession(options, (session) => acknowledge(session, options))),
  )
  .parseAsync();

async function acknowledge(session: Session, options: AcknowledgeOptions): Promise<void> {
  const { client, account, path } = session;
  const offered = await offerOf(session, options);
  if (offered === undefined) return;
  const offer = readOffer("Acknowledgement", options.charity, offered.typedData);
  tell(offer, offered.registration, offered.payouts);
  await compare(session, offer);
  await confirm(`Has this money reached ${offered.registration}?`, options);
  const signature = await signOffer(account, offer);
  await tellOutcome(
    client,
    await client.post(`${path}/acknowledgement`, { typedData: offer.typedData, signature }),
  );
}

/** What there is to sign; undefined, having said why, when there is nothing. */
async function offerOf({ client, path }: Session, { unit, upTo }: AcknowledgeOptions) {
  const query = new URLSearchParams({ ...(unit && { unit }), ...(upTo && { upTo }) });
  try {
    return (await client.get(`${path}/acknowledgement?${query}`)).body;
  } catch (thrown) {
    if (!(thrown instanceof RefusedError) || thrown.code !== "nothing-to-sign") throw thrown;
    say(thrown.message.replace("the service refuses: ", "nothing to sign: "));
    return undefined;
  }
}

function tell(
  { args, ledger }: Offer<"Acknowledgement">,
  registration: string,
  payouts: readonly Payout[],
): void {
  for (const { rail, from, upTo, amount, paidAt } of payouts)
    say(
      `  ${paidAt.slice(0, 10)} by ${rail}: ${formatAmount(BigInt(amount), args.unit)} for [${from}, ${upTo})`,
    );
  say("You are about to sign:");
  for (const line of sayAcknowledgement(registration, args, ledger)) say(`  ${line}`);
}

async function compare({ contract, account }: Session, offer: Offer<"Acknowledgement">): Promise<void> {
  if (contract === undefined)
    return warn("not compared with the contract: name one with --rpc and --contract");
  await compareAcknowledgement(contract, offer, account.address);
  say("✓ the contract says the same");
}
