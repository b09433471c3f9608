// Talks HTTP to a service as any client would. No knowledge of what is sent.

/** An answer; `body` is parsed JSON where it is JSON, else the text. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly body: any;
}

export interface Call {
  readonly method?: string;
  /** An API key, sent as `Bearer`. */
  readonly key?: string;
  /** Sent as JSON, unless it is text or bytes already. */
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

export async function call(
  url: string,
  { method, key, body, type, headers = {} }: Call = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    redirect: "manual",
    headers: {
      ...(body === undefined ? {} : { "Content-Type": type ?? "application/json" }),
      ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw(body) }),
  });
  return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
}

const raw = (body: unknown): BodyInit =>
  typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Newline-delimited JSON up, the result lines back. */
export async function bulk(url: string, key: string, lines: readonly unknown[]): Promise<Answer["body"][]> {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  const answer = await call(`${url}/v1/purchases/bulk`, {
    key,
    body: `${text}\n`,
    type: "application/x-ndjson",
  });
  return linesOf(answer.body);
}

export const linesOf = (body: unknown): Answer["body"][] =>
  (typeof body === "string" ? body : JSON.stringify(body))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
