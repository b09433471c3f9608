// A receipt file from disk, opened strictly. What it proves is not judged here.

import { open } from "node:fs/promises";
import { AmanahError, InputError, messageOf } from "../../server/errors.ts";
import { type OpenedReceipt, parseReceiptFile } from "../../server/protocol/receipt-file.ts";
import { pathFrom } from "../charity/paths.ts";

/** A receipt file takes a few kilobytes; nothing larger is read. */
const MAX_FILE_BYTES = 1 << 20;

/** @throws InputError `not-a-receipt` */
export async function readReceiptFile(file: string): Promise<OpenedReceipt> {
  try {
    return parseReceiptFile(JSON.parse(await readText(pathFrom(file))));
  } catch (thrown) {
    if (!(thrown instanceof AmanahError || thrown instanceof SyntaxError || isFileError(thrown)))
      throw thrown;
    throw new InputError("not-a-receipt", `${file}: wanted a receipt file, but: ${messageOf(thrown)}`);
  }
}

const isFileError = (thrown: unknown) => typeof (thrown as NodeJS.ErrnoException).syscall === "string";

/** The text of a file of bounded size. @throws InputError `too-large` */
export async function readText(path: string): Promise<string> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(MAX_FILE_BYTES + 1),
      0,
      MAX_FILE_BYTES + 1,
      0,
    );
    if (bytesRead > MAX_FILE_BYTES)
      throw new InputError("too-large", `it has more than ${MAX_FILE_BYTES} bytes`);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
