// npm run bank: the operator's errands between the service and its bank. Files for the bank are saved, what the bank
// notifies of is handed in, and what needs a person is told. Each can be done again without doing anything twice.

import { join } from "node:path";
import { Command } from "commander";
import { AmanahError } from "../server/errors.ts";
import { readSettings } from "../server/settings.ts";
import { saveFiles } from "./bank/files.ts";
import { sendNotifications } from "./bank/send.ts";
import { tellStatus } from "./bank/status.ts";
import { readKeyFile, ServiceClient } from "./import/service-client.ts";
import { say, warn } from "./say.ts";

const TO_LOOK_AT = 1;
const COULD_NOT = 2;

type Options = { readonly service: string; readonly keyFile: string };

const HELP = `
Ends with 0 when all is well, with 1 when something needs a person, and with 2 when it could not be done.
Files go to the bank by whatever way it offers, each once. Notifications are camt.054 as the bank delivers them.`;

function program(): Command {
  const { HOST, PORT, DATA_DIR } = readSettings();
  const root = new Command("npm run bank --")
    .description("Saves the files for the operator's bank, and hands in what the bank notifies of.")
    .option("--service <address>", "of the service", `http://${HOST}:${PORT}`)
    .option("--key-file <file>", "with the operator's key", join(DATA_DIR, "operator.key"))
    .addHelpText("after", HELP)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT));
  const client = async () => {
    const { service, keyFile } = root.opts<Options>();
    return new ServiceClient(service, await readKeyFile(keyFile), "--service");
  };
  root
    .command("files")
    .description("saves the files for the bank that are not in the folder yet")
    .option("--out <folder>", "where to", "bank-files")
    .action(async ({ out }: { out: string }) => saveFiles(await client(), out));
  root
    .command("send")
    .description("hands in notifications of the bank: ISO 20022 camt.054")
    .argument("<file...>", "as the bank delivered them")
    .action(async (files: string[]) => leave(await sendNotifications(await client(), files)));
  root
    .command("status")
    .description("tells what is with the bank, what waits and why, and what needs a person")
    .action(async () => leave(await tellStatus(await client())));
  root
    .command("release")
    .description("lets transfers be filed again after a restore, once the account has been compared")
    .action(async () => {
      await (await client()).write("/v1/bank/release", {});
      say("the next settlement run files what is due");
    });
  return root;
}

/** `toLookAt`: how many things need a person. */
function leave(toLookAt: number): void {
  if (toLookAt > 0) process.exitCode = TO_LOOK_AT;
}

try {
  await program().parseAsync();
} catch (thrown) {
  if (thrown instanceof AmanahError) warn(`bank: ${thrown.message}`);
  else console.error(thrown);
  process.exitCode = COULD_NOT;
}
