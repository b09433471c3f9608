// A charity by its name, as a way to its page; by its registration id until the name is there.

import { Link } from "wouter";
import { addressOf } from "../charity/address.ts";
import { useCharity } from "../charity/queries.ts";

export function CharityLink({ registration }: { registration: string }) {
  const { data } = useCharity(registration);
  return <Link href={addressOf(registration)}>{data?.name ?? registration}</Link>;
}
