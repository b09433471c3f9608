// A process that writes the book of batch 1 until it is killed: started by publish.test.ts with the database, the ledger's
// id in hex and the folder. It says when a part of the book is on the disk, and then goes on no further.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeWhole } from "../../server/jobs/book-files.ts";
import { readBook } from "../../server/jobs/book-source.ts";
import { connect } from "../../server/store/database.ts";

const FOR_EVER_MS = 2 ** 31 - 1;
const [url, ledger, folder] = process.argv.slice(2) as [string, string, string];

async function* untilPartlyWritten(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield piece;
    if (!readdirSync(folder).some((name) => statSync(join(folder, name)).size > 0)) continue;
    process.stdout.write("a part is written\n");
    await sleep(FOR_EVER_MS);
  }
}

await writeWhole(join(folder, "1.arrow"), (write) =>
  readBook(connect(url, 2), Buffer.from(ledger, "hex"), 1n, (pieces) => write(untilPartlyWritten(pieces))),
);
