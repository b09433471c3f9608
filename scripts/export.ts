// npm run export: saves what a service lets everybody download: grants, activities, and every public table.

import { Argument, Command } from "commander";
import { AmanahError } from "../server/errors.ts";
import { readSettings } from "../server/settings.ts";
import { filesOf, KINDS, type Kind, save } from "./export/files.ts";
import { say, warn } from "./say.ts";

const COULD_NOT = 2;

type Options = {
  readonly service: string;
  readonly out: string;
  readonly from: string;
  readonly upTo: string;
};

const today = () => new Date().toISOString().slice(0, 10);

function command(): Command {
  const { HOST, PORT } = readSettings();
  return new Command("npm run export --")
    .description("Saves what is public, of the days from one to another (UTC; at most 366).")
    .addArgument(new Argument("<kind>", "what to save").choices(KINDS))
    .requiredOption("--out <folder>", "where to save it")
    .option("--from <day>", "the first day", `${today().slice(0, 4)}-01-01`)
    .option("--up-to <day>", "the last day", today())
    .option("--service <address>", "of the service", `http://${HOST}:${PORT}`)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT))
    .action(saveAll);
}

async function saveAll(kind: Kind, { service, out, from, upTo }: Options): Promise<void> {
  const address = service.replace(/\/+$/, "");
  for (const file of await filesOf(address, kind, { from, upTo })) say(await save(address, file, out));
}

try {
  await command().parseAsync();
} catch (thrown) {
  if (thrown instanceof AmanahError) warn(`export: ${thrown.message}`);
  else console.error(thrown);
  process.exitCode = COULD_NOT;
}
