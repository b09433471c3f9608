// Payees and signers as the contract's events give them, with the delays and vetoes that it promises. Money is not known
// here. The rules are written anew from the interface, not taken from the contract.

import { type Hex, zeroAddress } from "viem";
import type { FindingCode } from "../catalogue.ts";
import type { Observation } from "../findings.ts";
import type { EventOf, LedgerEvent } from "./chain.ts";

export type Charity = { payee: Hex; signer: Hex };

type What = "payee" | "signer";
type Announced = { readonly what: What; readonly to: Hex; readonly due: bigint; vetoed: boolean };
type Announcement = EventOf<"PayeeChangeAnnounced"> | EventOf<"SignerChangeAnnounced">;
type Change = EventOf<"PayeeChanged"> | EventOf<"SignerChanged">;

const DAY_S = 86_400n;
const CHANGE_DELAY_S = 7n * DAY_S;
const VETO_PERIOD_S = 30n * DAY_S;

/** Follows registrations and changes, event by event. */
export class Charities {
  readonly #known = new Map<Hex, Charity>();
  readonly #announced = new Map<string, Announced>();
  readonly #times: ReadonlyMap<bigint, bigint>;
  readonly #observe: (observation: Observation) => void;
  #opened = false;

  constructor(times: ReadonlyMap<bigint, bigint>, observe: (observation: Observation) => void) {
    this.#times = times;
    this.#observe = observe;
  }

  /** The payee and signer in force, undefined for a charity that is not registered. */
  of(charity: Hex): Charity | undefined {
    return this.#known.get(charity);
  }

  all(): ReadonlyMap<Hex, Charity> {
    return this.#known;
  }

  /** Whether the rebuilding is over: from then on changes wait and tokens move. */
  get opened(): boolean {
    return this.#opened;
  }

  follow(event: LedgerEvent): void {
    switch (event.eventName) {
      case "LedgerOpened":
        this.#open();
        break;
      case "CharityRegistered":
        this.#register(event);
        break;
      case "PayeeChangeAnnounced":
      case "SignerChangeAnnounced":
        this.#announce(event);
        break;
      case "ChangeVetoed":
        this.#veto(event);
        break;
      case "PayeeChanged":
      case "SignerChanged":
        this.#change(event);
        break;
    }
  }

  #open(): void {
    if (this.#opened) this.#observe({ code: "opened-twice", says: "the ledger was opened twice", place: {} });
    this.#opened = true;
  }

  #register({ args: { charity, payee, signer } }: EventOf<"CharityRegistered">): void {
    if (this.#known.has(charity))
      this.#tell("charity-registered-twice", charity, "it was registered again", { payee, signer });
    this.#known.set(charity, { payee: lower(payee), signer: lower(signer) });
  }

  #announce(event: Announcement): void {
    const { charity, change, due } = event.args;
    const what: What = event.eventName === "PayeeChangeAnnounced" ? "payee" : "signer";
    const to = event.eventName === "PayeeChangeAnnounced" ? event.args.payee : event.args.signer;
    const delay =
      event.eventName === "SignerChangeAnnounced" && !event.args.consented ? VETO_PERIOD_S : CHANGE_DELAY_S;
    const at = this.#timeOf(event);
    if (BigInt(due) < at + delay)
      this.#tell("change-rushed", charity, `another ${what} was announced at ${at}, due already at ${due}`, {
        at,
        due,
        delay,
      });
    this.#announced.set(`${charity}${change}`, { what, to: lower(to), due: BigInt(due), vetoed: false });
  }

  #veto({ args: { charity, change } }: EventOf<"ChangeVetoed">): void {
    const announced = this.#announced.get(`${charity}${change}`);
    if (announced !== undefined) announced.vetoed = true;
  }

  #change(event: Change): void {
    const { charity, change } = event.args;
    const what: What = event.eventName === "PayeeChanged" ? "payee" : "signer";
    const to = lower(event.eventName === "PayeeChanged" ? event.args.payee : event.args.signer);
    if (this.#opened) this.#checkChange(event, what, to);
    this.#announced.delete(`${charity}${change}`);
    const known = this.#known.get(charity);
    if (known === undefined)
      return void this.#tell("change-unannounced", charity, `its ${what} changed before it was registered`, {
        to,
      });
    known[what] = to;
  }

  #checkChange(event: Change, what: What, to: Hex): void {
    const { charity, change } = event.args;
    const announced = this.#announced.get(`${charity}${change}`);
    const numbers = { change, to, at: this.#timeOf(event) };
    if (announced === undefined || announced.what !== what || announced.to !== to)
      return void this.#tell(
        "change-unannounced",
        charity,
        `its ${what} became ${to}, which was never announced`,
        numbers,
      );
    if (announced.vetoed)
      return void this.#tell(
        "change-despite-veto",
        charity,
        `its ${what} became ${to} in spite of the signer's veto`,
        numbers,
      );
    if (numbers.at < announced.due)
      this.#tell("change-rushed", charity, `its ${what} became ${to} before the change was due`, {
        ...numbers,
        due: announced.due,
      });
  }

  #timeOf = ({ block }: LedgerEvent): bigint => this.#times.get(block) ?? 0n;

  #tell(code: FindingCode, charity: Hex, says: string, numbers: Observation["numbers"] = {}): void {
    this.#observe({ code, says: `charity ${charity}: ${says}`, place: { charity }, numbers });
  }
}

const lower = (address: Hex): Hex => address.toLowerCase() as Hex;

/** A charity that is paid by bank only has no payee. */
export const hasPayee = ({ payee }: Charity): boolean => payee !== zeroAddress;
