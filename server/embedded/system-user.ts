// The system user that PostgreSQL runs as, since it refuses to run as root. Where we are not root there is none
// to switch to. What that user can reach is asked of the system, never worked out from mode bits.

import { InputError, messageOf, UnavailableError } from "../errors.ts";
import { runTool, type SystemUser } from "./run-tool.ts";

/** The names that systems and PostgreSQL's own packages give it; the first is the one we create. */
const USER_NAMES = ["postgres", "_postgres"] as const;

/** The user to run PostgreSQL as, made if need be; undefined when we are not root and run it as ourselves. */
export async function serverUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await findUser()) ?? (await makeUser());
}

async function findUser(): Promise<SystemUser | undefined> {
  for (const name of USER_NAMES) {
    const uid = await idOf("-u", name);
    const gid = await idOf("-g", name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return undefined;
}

async function idOf(option: "-u" | "-g", name: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await runTool("id", [option, name], { cwd: "/" }), 10);
  } catch (error) {
    return refused(error, undefined);
  }
}

async function makeUser(): Promise<SystemUser> {
  const [name] = USER_NAMES;
  try {
    await runTool("useradd", ["--system", "--user-group", "--shell", "/bin/false", name], { cwd: "/" });
  } catch (error) {
    // Another start may have made it in the same moment.
    const user = await findUser();
    if (user !== undefined) return user;
    throw new InputError(
      "root-without-postgres-user",
      `PostgreSQL does not run as root, and the system user "${name}" could not be made (${messageOf(error)}). ` +
        "Run this command as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
    );
  }
  return (await findUser()) as SystemUser;
}

/** Whether `user` can enter `folder`; true when there is no user to switch to. */
export async function canEnter(folder: string, user: SystemUser | undefined): Promise<boolean> {
  if (user === undefined) return true;
  try {
    await runTool("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { cwd: "/", user });
    return true;
  } catch (error) {
    return refused(error, false);
  }
}

/** The program's own "no" is an answer; that it could not be run is none. */
function refused<T>(error: unknown, answer: T): T {
  if (error instanceof UnavailableError && typeof error.facts.exitCode === "number") return answer;
  throw error;
}
