// Asks the service's API. What a page does with an answer, and how often it asks, is the page's own.

/** The service has refused, by a problem document (RFC 9457); `code` is its stable name. */
export class RefusedByService extends Error {
  override readonly name = "RefusedByService";
  readonly status: number;
  readonly code: string;
  /** Each field at fault: what was wanted, and what came. */
  readonly fields: readonly { field: string; wanted: string; came: string }[];

  constructor(status: number, { type = "", detail = "", errors = [] }: Problem) {
    super(detail);
    this.status = status;
    this.code = type.replace("urn:amanah:problem:", "");
    this.fields = errors;
  }
}

type Problem = { type?: string; detail?: string; errors?: RefusedByService["fields"] };

/** No answer came: the visitor's connection, or the service, is down. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

export const isRefused = (error: unknown): error is RefusedByService => error instanceof RefusedByService;
export const isUnknown = (error: unknown): boolean => isRefused(error) && error.status === 404;

export type Asking = {
  /** `Bearer` and a key or session, or `Receipt` and a receipt's key. */
  readonly authorization?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** @throws RefusedByService, NoAnswer */
export const get = <Answer>(path: string, asking: Asking = {}): Promise<Answer> => ask(path, {}, asking);

/** @throws RefusedByService, NoAnswer */
export const post = <Answer>(path: string, body: unknown, asking: Asking = {}): Promise<Answer> =>
  ask(
    path,
    { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } },
    asking,
  );

async function ask<Answer>(
  path: string,
  { headers = {}, ...request }: RequestInit,
  { authorization, signal }: Asking,
): Promise<Answer> {
  const response = await answerTo(path, {
    ...request,
    ...(signal === undefined ? {} : { signal }),
    headers: { ...headers, ...(authorization === undefined ? {} : { Authorization: authorization }) },
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new RefusedByService(response.status, body);
  return body as Answer;
}

async function answerTo(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, request);
  } catch (thrown) {
    if (request.signal?.aborted === true) throw thrown;
    throw new NoAnswer(path, { cause: thrown });
  }
}

/** A part of a path: registration ids hold slashes. */
export const inPath = (name: string): string => encodeURIComponent(name);

/** What `inPath` has written, out of an address: the router itself leaves slashes, colons and the like as they were written. */
export function fromPath(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
