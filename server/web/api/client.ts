// Asks the service's API. What a page does with an answer, and how often it asks, is the page's own.

/** The service has refused, by a problem document (RFC 9457); `code` is its stable name. */
export class RefusedByService extends Error {
  override readonly name = "RefusedByService";
  readonly status: number;
  readonly code: string;
  /** Each field at fault: what was wanted, and what came. */
  readonly fields: readonly { field: string; wanted: string; came: string }[];

  constructor(status: number, { type = "", detail = "", errors, ...alone }: Problem) {
    super(detail);
    this.status = status;
    this.code = type.replace("urn:amanah:problem:", "");
    this.fields = errors ?? fieldAlone(alone);
  }
}

type Field = RefusedByService["fields"][number];
type Problem = { type?: string; detail?: string; errors?: readonly Field[] } & Partial<Field>;

/** What breaks a rule of the matter, rather than of the form, is named beside the problem itself. */
const fieldAlone = ({ field, wanted, came }: Partial<Field>): Field[] =>
  field === undefined ? [] : [{ field, wanted: `${wanted ?? ""}`, came: `${came ?? ""}` }];

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

/**
 * A file, whatever its type.
 * @throws RefusedByService, NoAnswer
 */
export async function getFile(path: string, asking: Asking = {}): Promise<Blob> {
  const response = await answerTo(path, withAsking({}, asking));
  if (response.ok) return await response.blob();
  throw new RefusedByService(response.status, await response.json().catch(() => ({})));
}

async function ask<Answer>(path: string, request: RequestInit, asking: Asking): Promise<Answer> {
  const response = await answerTo(path, withAsking(request, asking));
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new RefusedByService(response.status, body);
  return body as Answer;
}

const withAsking = (
  { headers = {}, ...request }: RequestInit,
  { authorization, signal }: Asking,
): RequestInit => ({
  ...request,
  ...(signal === undefined ? {} : { signal }),
  headers: { ...headers, ...(authorization === undefined ? {} : { Authorization: authorization }) },
});

async function answerTo(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, request);
  } catch (thrown) {
    if (request.signal?.aborted === true) throw thrown;
    throw new NoAnswer(path, { cause: thrown });
  }
}

/** A part of a path, or of a query: registration ids hold slashes. */
export const inPath = (name: string): string => encodeURIComponent(name);

/** What `inPath` has written, out of an address: the router itself leaves slashes, colons and the like as they were written. */
export function fromPath(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
