// npm run settle: starts a settlement run of a service, or joins the one that is under way, follows it to its end, and tells
// charity by charity what was paid. Ending this command does not end the run.

import { join } from "node:path";
import { Command } from "commander";
import { AmanahError } from "../server/errors.ts";
import { readSettings } from "../server/settings.ts";
import { readKeyFile, ServiceClient } from "./import/service-client.ts";
import { say, warn } from "./say.ts";
import { followRun } from "./settle/follow-run.ts";
import { payoutsOfRun, summaryOf } from "./settle/summary.ts";

const SET_ASIDE = 1;
const COULD_NOT = 2;

type Options = { readonly service: string; readonly keyFile: string };

const HELP = `
Ends with 0 when everything that is due was paid or is with the bank, with 1 when something was set aside, and with 2
when the run could not be started or followed. Done again, it pays nothing twice.`;

function command(): Command {
  const { HOST, PORT, DATA_DIR } = readSettings();
  return new Command("npm run settle --")
    .description("Pays the charities: on each line up to the last anchored gift, less the refunds behind it.")
    .option("--service <address>", "of the service", `http://${HOST}:${PORT}`)
    .option("--key-file <file>", "with the operator's key", join(DATA_DIR, "operator.key"))
    .addHelpText("after", HELP)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT))
    .action(settle);
}

async function settle({ service, keyFile }: Options): Promise<void> {
  const client = new ServiceClient(service, await readKeyFile(keyFile), "--service");
  const run = await followRun(client);
  for (const line of summaryOf(run, await payoutsOfRun(client, run.id))) say(line);
  if (run.setAside.length > 0) process.exitCode = SET_ASIDE;
}

try {
  await command().parseAsync();
} catch (thrown) {
  if (thrown instanceof AmanahError) warn(`settle: ${thrown.message}`);
  else console.error(thrown);
  process.exitCode = COULD_NOT;
}
