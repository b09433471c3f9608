// The service's API as the demo uses it: nothing that any other client could not do.

export type Api = {
  get(path: string): Promise<Record<string, unknown>>;
  post(path: string, body: unknown, key?: string): Promise<Record<string, unknown>>;
  /** GET as somebody else: with what stands in `Authorization`. */
  as(authorization: string, path: string): Promise<Record<string, unknown>>;
  /** POST of an XML document. */
  xml(path: string, body: string): Promise<void>;
  /** Streams lines up, and hands over each answer line. */
  bulk(
    path: string,
    lines: readonly unknown[],
    onAnswer: (answer: Record<string, unknown>) => void,
  ): Promise<void>;
  /** The whole receipt file. */
  receipt(receipt: { id: string; key: string }): Promise<unknown>;
};

export function apiClient(url: string, operatorKey: string): Api {
  const call = async (path: string, init: RequestInit, authorization: string) => {
    const headers = { "content-type": "application/json", ...init.headers, authorization };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const operator = `Bearer ${operatorKey}`;
  return {
    get: async (path) => (await call(path, {}, operator)).json() as Promise<Record<string, unknown>>,
    as: async (authorization, path) =>
      (await call(path, {}, authorization)).json() as Promise<Record<string, unknown>>,
    xml: async (path, body) => {
      await call(path, { method: "POST", body, headers: { "content-type": "application/xml" } }, operator);
    },
    post: async (path, body, key = operatorKey) =>
      (await call(path, { method: "POST", body: JSON.stringify(body) }, `Bearer ${key}`)).json() as Promise<
        Record<string, unknown>
      >,
    bulk: async (path, lines, onAnswer) => {
      const body = lines.map((line) => JSON.stringify(line)).join("\n");
      const headers = { "content-type": "application/x-ndjson" };
      const response = await call(path, { method: "POST", body, headers }, operator);
      for await (const line of linesOf(response.body as ReadableStream)) onAnswer(JSON.parse(line));
    },
    receipt: async ({ id, key }) => (await call(`/v1/receipts/${id}`, {}, `Receipt ${key}`)).json(),
  };
}

async function* linesOf(stream: ReadableStream): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() as string;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
