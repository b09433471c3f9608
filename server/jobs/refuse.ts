// What follows when the contract refuses a call: it is done already, it may be taken later, a person has to look, or it
// has failed. What payouts may wait for is in `refuse-payout`.

import { type RefusedError, TooLargeError } from "../chain/failures.ts";
import { nameOf } from "../protocol/contract-calls.ts";
import { failCall, putOff, type StoredCall } from "../store/chain-calls.ts";
import { AlarmError, type ChainContext, type Home } from "./chain-context.ts";
import { takeNoteOfDone } from "./found.ts";
import { isPayout, putOffPayout } from "./refuse-payout.ts";
import { isSignedByCharity } from "./wallet-codes.ts";

/** Why a call alone cannot be sent as things stand. */
export type Refusal = RefusedError | TooLargeError;

const UNTIL_CHEAPER_SECONDS = 60;

/** Deals with one call that the contract refuses as things stand; true when that call is out of the way. */
export async function refuse(
  context: ChainContext,
  home: Home | undefined,
  call: StoredCall,
  refused: Refusal,
): Promise<boolean> {
  const { sql, log } = context;
  const name = nameOf(call);
  if (home !== undefined && (await home.reader.isDone(call)))
    return await takeNoteOfDone(context, home, call);
  if (refused instanceof TooLargeError) {
    log.error({ call: name, says: refused.message }, "a call takes more gas than there is; putting it off");
    return await putOff(sql, call.id, UNTIL_CHEAPER_SECONDS, refused.message);
  }
  if (refused.error === LINE_AT_FAULT) return await failAtFault(context, call, refused);
  if (home !== undefined && isPayout(call) && (await putOffPayout(context, home, call, refused))) return true;
  if (isIndispensable(context, call))
    throw new AlarmError("call-refused", `${name}: the contract refuses it: ${refused.message}`, call);
  log.error({ call: name, refused: refused.message }, "the contract refuses a call");
  return await failCall(sql, call.id, refused.message);
}

/** What the contract says of a line that stands still for ever. */
const LINE_AT_FAULT = "LineAtFault";

/** No alarm, and no waiting: other lines go on, and this one never will. */
async function failAtFault(
  { sql, log }: ChainContext,
  call: StoredCall,
  refused: RefusedError,
): Promise<boolean> {
  const failure = `${refused.message}: a fault of this line is proven, so that it takes no more proofs and no payout`;
  log.error({ call: nameOf(call) }, failure);
  return await failCall(sql, call.id, failure);
}

/** Without these nothing after them is right: a person has to look. */
const isIndispensable = ({ settings }: ChainContext, { kind, done_before }: StoredCall) =>
  ["deploy", "grantRole", "admitPromiser", "open", "anchor"].includes(kind) ||
  (done_before && !(settings.demonstration && isSignedByCharity(kind)));
