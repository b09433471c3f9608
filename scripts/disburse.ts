// `npm run disburse`: a charity reports what its money became, and signs the report with its own key. Evidence that the
// report names by file is hashed here; the files themselves stay where they are.

import { isDeepStrictEqual } from "node:util";
import { Command } from "commander";
import { InputError } from "../server/errors.ts";
import { formatAmount } from "../server/programmes/currency.ts";
import { sayDisbursement } from "../server/programmes/signing-words.ts";
import { type SpendingReport, spendingDocument, spendingHash } from "../server/programmes/spending-report.ts";
import { fromHex, toHex } from "../server/protocol/bytes.ts";
import { CharityClient, RefusedError } from "./charity/client.ts";
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
import { compareDisbursement } from "./charity/contract.ts";
import { type Offer, readOffer, signOffer } from "./charity/offer.ts";
import { readReport, template } from "./disburse/report-file.ts";

type DisburseOptions = Options & { readonly template?: true };

const SAMPLE = `
A report, as --template prints it for what is to be reported now:
${JSON.stringify(template("CNY", "1234500", "1300000"), null, 2)}`;

await withOptions(
  new Command("npm run disburse --")
    .description("Reports, as a charity, what the money of an interval of its line became.")
    .argument("[report.json]", "the report; evidence may be named by files beside it")
    .option("--template", "print a report to fill in, for all that is signed for and not reported yet"),
)
  .addHelpText("after", SAMPLE)
  .action((file: string | undefined, options: DisburseOptions) => run(() => start(file, options)))
  .parseAsync();

async function start(file: string | undefined, options: DisburseOptions): Promise<void> {
  if (options.template === true) return await printTemplate(options);
  if (file === undefined)
    throw new InputError(
      "no-report",
      "wanted a report, such as report.json; --template prints one to fill in",
    );
  const report = await readReport(file);
  await inSession(options, (session) => disburse(session, options, report));
}

/** Needs no key: positions are public. */
async function printTemplate({ service, charity, unit = "CNY" }: DisburseOptions): Promise<void> {
  const client = new CharityClient(service);
  const path = `/v1/lines/${encodeURIComponent(charity)}/${encodeURIComponent(unit)}`;
  const { spent, acknowledged } = (await client.get(path)).body.watermarks;
  if (spent === acknowledged)
    throw new RefusedError(
      "nothing-to-report",
      `all that is signed for in ${unit} is reported, up to ${spent}`,
    );
  // For a file: no escapes, which would not be read back.
  process.stdout.write(`${JSON.stringify(template(unit, spent, acknowledged), null, 2)}\n`);
}

async function disburse(session: Session, options: DisburseOptions, report: SpendingReport): Promise<void> {
  const { client, account, path } = session;
  const offered = await client.post(`${path}/disbursements`, report);
  if (offered.status === 200) return await tellOutcome(client, offered);
  const { typedData, document } = offered.body;
  const offer = readOffer("Disbursement", options.charity, typedData);
  checkDocument(report, offer, document);
  tell(offer, `${document.name} (${document.charity})`, report);
  await compare(session, offer);
  await confirm("Is this what the money became?", options);
  const signature = await signOffer(account, offer);
  const hash = offer.args.evidence;
  const body = { typedData: offer.typedData, signature };
  await tellOutcome(client, await client.post(`${path}/disbursements/${hash}/signature`, body));
  say(`the report: ${client.url}/v1/documents/${hash}`);
}

/** What is signed is the hash of our own report, put together here. @throws RefusedError `not-to-be-signed` */
function checkDocument(
  report: SpendingReport,
  { args, ledger }: Offer<"Disbursement">,
  { charity, name, ...offered }: { charity: string; name: string; [member: string]: unknown },
): void {
  const ours = spendingDocument(report, fromHex(ledger), { registration: charity, name });
  const isOurs = isDeepStrictEqual(JSON.parse(JSON.stringify(ours)), { charity, name, ...offered });
  const { unit, from, upTo, evidence } = args;
  const isSigned = unit === report.unit && from === report.from && upTo === report.upTo;
  if (isOurs && isSigned && evidence === toHex(spendingHash(ours))) return;
  throw new RefusedError(
    "not-to-be-signed",
    "what the service offers to sign is not the report that was sent",
  );
}

function tell(
  { args, ledger }: Offer<"Disbursement">,
  charity: string,
  { parts, unit }: SpendingReport,
): void {
  for (const { from, upTo, project, place, bought, beneficiaries, evidence } of parts) {
    const things = bought.map(({ what, count, measure }) => `${count} ${measure} (${what})`).join(", ");
    const gifts = formatAmount(BigInt(upTo) - BigInt(from), unit);
    say(`  [${from}, ${upTo}) ${gifts}: ${project}, ${place.name} (${place.country}): ${things}`);
    if (beneficiaries !== undefined) say(`    for ${beneficiaries} people`);
    for (const { name, sha256, bytes } of evidence) say(`    ${name}, ${bytes} bytes, sha256 ${sha256}`);
  }
  say("You are about to sign:");
  for (const line of sayDisbursement(charity, args, ledger)) say(`  ${line}`);
}

async function compare({ contract, account }: Session, offer: Offer<"Disbursement">): Promise<void> {
  if (contract === undefined)
    return warn("not compared with the contract: name one with --rpc and --contract");
  await compareDisbursement(contract, offer, account.address);
  say("✓ the contract says the same");
}
