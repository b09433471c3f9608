// The service as a charity's command sees it: JSON there and back with a status, and every failure as one line that says
// what to do.

import { AmanahError, InputError, messageOf, UnavailableError } from "../../server/errors.ts";

/** The service, or the contract behind it, was asked and refused; or what it offers is not to be signed. */
export class RefusedError extends AmanahError {}

export type Answer = {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each command knows what it asked for
  readonly body: any;
  /** Where it tells how something goes on. */
  readonly location: string | null;
};

const ANSWER_LIMIT_MS = 60_000;
const TRY_AGAIN_SECONDS = 5;

export class CharityClient {
  /** Without a slash at its end. */
  readonly url: string;
  #key: string | undefined;

  /** @throws InputError `wrong-url` */
  constructor(url: string) {
    const isAddress = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
    if (!isAddress)
      throw new InputError(
        "wrong-url",
        `--service: wanted an address such as http://127.0.0.1:8080, came ${url}`,
      );
    this.url = url.replace(/\/+$/, "");
  }

  /** Shows this key, or session's token, from now on. */
  use(key: string): void {
    this.#key = key;
  }

  get(path: string): Promise<Answer> {
    return this.#ask(path, {});
  }

  post(path: string, body: object): Promise<Answer> {
    return this.#ask(path, { method: "POST", body: JSON.stringify(body) });
  }

  async #ask(path: string, request: RequestInit): Promise<Answer> {
    const authorization: Record<string, string> =
      this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` };
    const headers = { "content-type": "application/json", ...authorization };
    const init = { ...request, headers, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) };
    const response = await fetch(this.url + path, init).catch((thrown: Error) => {
      throw this.#noService(messageOf(thrown.cause ?? thrown));
    });
    const body = jsonOf(await response.text());
    if (response.ok) return { status: response.status, body, location: response.headers.get("location") };
    throw this.#failure(response, path, body);
  }

  #failure(response: Response, path: string, body: { detail?: string; type?: string }): AmanahError {
    const detail = body?.detail ?? `${this.url}${path} answers ${response.status} ${response.statusText}`;
    if ([429, 500, 502, 503, 504].includes(response.status))
      return new UnavailableError("busy", `the service: ${detail}`, TRY_AGAIN_SECONDS);
    const code = body?.type?.split(":").at(-1) ?? "refused";
    return new RefusedError(code, `the service refuses: ${detail}`);
  }

  #noService(reason: string): UnavailableError {
    const advice = "check --service, and that the service runs";
    return new UnavailableError("no-service", `no service answers at ${this.url} (${reason}): ${advice}`, 1);
  }
}

function jsonOf(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
