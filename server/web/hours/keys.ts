// The keys that the pages of volunteer time work with: the volunteer's stays in this browser, the organiser's only as long as
// the tab is open.

const VOLUNTEER = "amanah.volunteer";
const ORGANISER = "amanah.organiser";

function read(storage: () => Storage, name: string): string | null {
  try {
    return storage().getItem(name);
  } catch {
    return null;
  }
}

function write(storage: () => Storage, name: string, key: string): void {
  try {
    storage().setItem(name, key);
  } catch {
    // Then it holds until the page is closed.
  }
}

export const volunteerKey = () => read(() => localStorage, VOLUNTEER);
export const keepVolunteerKey = (key: string) => write(() => localStorage, VOLUNTEER, key);
export const organiserKey = () => read(() => sessionStorage, ORGANISER);
export const keepOrganiserKey = (key: string) => write(() => sessionStorage, ORGANISER, key);

const ONCE_BYTES = 18;

/** A random word, so that a sign-up whose answer was lost is the same when it is sent again. */
export const onceWord = (): string =>
  [...crypto.getRandomValues(new Uint8Array(ONCE_BYTES))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
