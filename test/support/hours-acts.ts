// What is done about activities in a running service: signing up, coming and going by the code at the door, confirmation. The
// clock stays where an act has put it.

import { call } from "./client.ts";
import { announce, asVolunteer, HOUR, type Organiser, START, setClock } from "./hours.ts";
import type { TestService } from "./service.ts";
import { wanted } from "./shop.ts";

let titles = 0;

/** @param stage where it is done, and by whose activities; asked at each act, since tests start their service late. */
export function hoursActs(stage: () => { readonly service: TestService; readonly organiser: Organiser }) {
  const activityUrl = (activity: string, rest: string) =>
    `${stage().service.url}/v1/activities/${activity}${rest}`;
  const post = (path: string, body: object, key?: string) =>
    call(`${stage().service.url}${path}`, { body, ...(key === undefined ? {} : { key }) });
  const own = (activity: string, volunteer: string, step?: string, body: object = {}) =>
    call(activityUrl(activity, `/attendance${step === undefined ? "" : `/${step}`}`), {
      headers: asVolunteer(volunteer),
      ...(step === undefined ? {} : { body }),
    });
  const named = (activity: string, volunteer: string, step: string, body: object, key = ownKey()) =>
    post(`/v1/activities/${activity}/attendances/${volunteer}/${step}`, body, key);
  const ownKey = () => stage().organiser.key;
  const codeNow = async (activity: string) =>
    (await wanted(200, call(activityUrl(activity, "/code"), { key: ownKey() }))).code;
  const open = (given: object = {}) =>
    announce(stage().service, stage().organiser, { title: `Activity ${++titles}`, ...given }).then(
      ({ id }) => id as string,
    );
  const signUp = async (activity: string, body: object = {}) => {
    setClock(stage().service, START - 24 * HOUR);
    return wanted(201, post(`/v1/activities/${activity}/sign-ups`, body));
  };
  /** Comes at the start and stays for three hours. */
  const attend = async (activity: string, key: string) => {
    setClock(stage().service, START);
    await wanted(200, own(activity, key, "check-in", { code: await codeNow(activity) }));
    setClock(stage().service, START + 3 * HOUR);
    return wanted(200, own(activity, key, "check-out", { code: await codeNow(activity) }));
  };
  const proposed = async (given: object = {}) => {
    const activity = await open(given);
    const { key, volunteer } = await signUp(activity);
    await attend(activity, key);
    setClock(stage().service, START + 5 * HOUR);
    await wanted(200, named(activity, volunteer, "confirmation", {}));
    return { activity, key, volunteer };
  };

  return { post, own, named, codeNow, open, signUp, attend, proposed };
}
