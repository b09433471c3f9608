// The service as a caller with a key sees it: JSON there and back, and every failure as one line that says what to do.

import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { AmanahError, InputError, messageOf, UnavailableError } from "../../server/errors.ts";

/** The service was asked, and refused. */
export class RefusedError extends AmanahError {
  readonly status: number;

  constructor(status: number, message: string) {
    super("refused", message);
    this.status = status;
  }
}

/** Throws `InputError` that says where keys come from when the file cannot be read. */
export async function readKeyFile(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (thrown) {
    const advice =
      "the service writes it there when it starts for the first time; name another with --key-file";
    throw new InputError(
      "no-key",
      `${file}: cannot read the operator's key (${messageOf(thrown)}); ${advice}`,
    );
  }
}

const MOST_TRIES = 30;
const TRY_EVERY_MS = 1_000;

export class ServiceClient {
  readonly #url: string;
  readonly #key: string;
  readonly #option: string;
  /** Once it has answered, a service that does not is one that restarts, which is worth waiting for. */
  #answered = false;

  /** `option` is the one that names the service to the command. */
  constructor(url: string, key: string, option = "--url") {
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw new InputError(
        "wrong-url",
        `${option}: wanted an address such as http://127.0.0.1:8080, came ${url}`,
      );
    this.#option = option;
    this.#url = url.replace(/\/+$/, "");
    this.#key = key;
  }

  /** GET, as text. Throws `RefusedError` unless the answer is 2xx. */
  read(path: string, authorization?: string): Promise<string> {
    return this.#ask(path, { headers: authorization === undefined ? {} : { authorization } });
  }

  /** GET with our key. */
  readAsOurselves(path: string): Promise<string> {
    return this.read(path, `Bearer ${this.#key}`);
  }

  /** POST of JSON, with our key or another's. Repeated when the service restarts, which its writes do not mind. */
  async write<Answer>(path: string, body: object, key = this.#key): Promise<Answer> {
    return JSON.parse(await this.#post(path, "application/json", JSON.stringify(body), key));
  }

  /** POST of a document in XML. */
  async writeXml<Answer>(path: string, xml: Uint8Array<ArrayBuffer>): Promise<Answer> {
    return JSON.parse(await this.#post(path, "application/xml", xml, this.#key));
  }

  /** POST of newline-delimited JSON; one answer for each line. */
  async writeLines<Answer>(path: string, bodies: readonly object[]): Promise<Answer[]> {
    const lines = bodies.map((body) => `${JSON.stringify(body)}\n`).join("");
    const text = await this.#post(path, "application/x-ndjson", lines, this.#key);
    const answers = text.split("\n").filter((line) => line !== "");
    if (answers.length === bodies.length) return answers.map((line) => JSON.parse(line));
    throw this.#noService(`it broke off after ${answers.length} of ${bodies.length} answers`);
  }

  #post(path: string, type: string, body: string | Uint8Array<ArrayBuffer>, key: string): Promise<string> {
    return this.#ask(path, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": type },
      body,
    });
  }

  async #ask(path: string, request: RequestInit): Promise<string> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#askOnce(path, request);
      } catch (thrown) {
        if (!(thrown instanceof UnavailableError) || !this.#answered || tries === MOST_TRIES) throw thrown;
        await sleep(TRY_EVERY_MS);
      }
    }
  }

  async #askOnce(path: string, request: RequestInit): Promise<string> {
    const { response, text } = await fetchText(`${this.#url}${path}`, request).catch((thrown: Error) => {
      throw this.#noService(messageOf(thrown.cause ?? thrown));
    });
    this.#answered = true;
    if (response.ok) return text;
    const detail = detailOf(text) ?? `${this.#url}${path} answers ${response.status} ${response.statusText}`;
    if (response.status === 429 || response.status === 503) throw new UnavailableError("busy", detail, 1);
    const advice = response.status === 401 ? "; name the file of a key that is in force with --key-file" : "";
    throw new RefusedError(response.status, `${detail}${advice}`);
  }

  #noService(reason: string): UnavailableError {
    const advice = `start it with \`npm start\`, or name another with ${this.#option}`;
    return new UnavailableError("no-service", `no service answers at ${this.#url} (${reason}): ${advice}`, 1);
  }
}

async function fetchText(url: string, request: RequestInit) {
  const response = await fetch(url, request);
  return { response, text: await response.text() };
}

/** What a problem document says; undefined when the body is none. */
function detailOf(text: string): string | undefined {
  try {
    return JSON.parse(text).detail;
  } catch {
    return undefined;
  }
}
