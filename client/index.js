// The package entry `amanah/client`: calls of the API, typed by its own description. It runs wherever there is `fetch`.

import createFetch from "openapi-fetch";

export function createClient({ url, key, fetch }) {
  const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  return createFetch({ baseUrl: url, headers, fetch });
}
